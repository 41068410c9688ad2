using Tastemaker.Data;
using Tastemaker.Recommending;

namespace Tastemaker.Serving.Operations;

/// <summary>What a loaded model has shown.</summary>
/// <param name="items">Its catalog.</param>
/// <param name="clock">Tells the hours.</param>
internal sealed class ModelWatch(Vocabulary items, TimeProvider clock)
{
    /// <summary>How much of its catalog.</summary>
    public CatalogCoverage Coverage { get; } = new(items.Count, clock);

    /// <summary>How its scores move.</summary>
    public ScoreDrift Drift { get; } = new();

    /// <summary>Notes an answer.</summary>
    public void Show(RecommendationList answer)
    {
        var list = new int[answer.Items.Count];
        for (var rank = 0; rank < list.Length; rank++)
        {
            list[rank] = items.IndexOf(answer.Items[rank].Item);
        }

        Coverage.Show(list);
        if (list.Length > 0)
        {
            Drift.Show(answer.Items[0].Score);
        }
    }
}
