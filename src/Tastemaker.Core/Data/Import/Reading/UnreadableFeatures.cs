namespace Tastemaker.Data.Import.Reading;

/// <summary>Feature values that are not what their column holds: they count as missing, and the row stays.</summary>
internal static class UnreadableFeatures
{
    /// <summary>Says so for each column that has some.</summary>
    /// <exception cref="InputException">The policy refuses them.</exception>
    public static void Note(string label, IEnumerable<FeatureBuilder> builders, BadRowPolicy policy, List<string> warnings)
    {
        var notes = builders.Where(builder => builder.Unreadable > 0).Select(builder =>
            $"{builder.Unreadable:N0} values of column '{builder.Name}' of {label} are not numbers").ToList();
        if (notes.Count > 0 && policy == BadRowPolicy.Error)
        {
            throw new InputException([.. notes.Select(note => $"{note}. Fix them, let them count as missing with on-bad-rows drop, or set the feature to categorical.")]);
        }

        warnings.AddRange(notes.Select(note => $"{note} and count as missing. If they are meant as they stand, set the feature to categorical."));
    }
}
