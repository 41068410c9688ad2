using Tastemaker.Data.Syntax;

namespace Tastemaker.Data.Filters;

/// <summary>Forgets the values: an interaction happened or it did not. Drop low ratings first if they should not count as liking.</summary>
public sealed record Binarize : DataFilter
{
    /// <inheritdoc/>
    public override Dataset Apply(Dataset data)
    {
        NeedUnlabelled(data, "To keep what has the label 1, use positives.");
        var source = data.Interactions;
        return data.WithInteractions(new Interactions([.. source.Users], [.. source.Items], null, source.Times.OrNull(source.HasTimes))).Because(ToString());
    }

    /// <inheritdoc/>
    public override string ToString() => SyntaxCall.Print("binarize");
}
