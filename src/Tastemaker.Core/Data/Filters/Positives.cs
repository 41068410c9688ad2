using Tastemaker.Data.Syntax;

namespace Tastemaker.Data.Filters;

/// <summary>Keeps what labelled data has the label 1 for, and forgets the labels: the positives, for systems and splits that know nothing else.</summary>
public sealed record Positives : DataFilter
{
    /// <inheritdoc/>
    public override Dataset Apply(Dataset data)
    {
        if (!data.IsLabelled)
        {
            throw new InputException($"The filter '{this}' needs labelled data, which '{data.Name}' is not. For values, use min-value and binarize.");
        }

        var taken = Retain(data, row => data.Interactions.Values[row] > 0, "No row has the label 1.");
        return taken.WithInteractions(taken.TakenUp()) with { IsLabelled = false };
    }

    /// <inheritdoc/>
    public override string ToString() => SyntaxCall.Print("positives");
}
