using Tastemaker.Data.Syntax;

namespace Tastemaker.Data.Filters;

/// <summary>
/// Makes labels of values: 1 where the value is at least a threshold (a rating of 4 or 5 is a like), else 0. All rows stay; the data set is
/// labelled afterwards.
/// </summary>
/// <param name="AtLeast">The least value with label 1.</param>
public sealed record LabelByValue(float AtLeast) : DataFilter
{
    /// <inheritdoc/>
    public override Dataset Apply(Dataset data)
    {
        Check();
        NeedUnlabelled(data, "Leave the filter out.");
        NeedValues(data);
        var source = data.Interactions;
        var labels = new float[source.Count];
        for (var row = 0; row < labels.Length; row++)
        {
            labels[row] = source.Values[row] >= AtLeast ? 1 : 0;
        }

        var labelled = new Interactions([.. source.Users], [.. source.Items], labels, source.Times.OrNull(source.HasTimes));
        return (data.WithInteractions(labelled) with { IsLabelled = true }).Because(ToString());
    }

    /// <inheritdoc/>
    public override string ToString() => SyntaxCall.Print("label", ("at-least", AtLeast));

    internal override IEnumerable<string> Problems() => float.IsFinite(AtLeast) ? [] : ["the threshold must be a finite number."];
}
