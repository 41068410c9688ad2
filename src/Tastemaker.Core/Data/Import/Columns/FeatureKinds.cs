namespace Tastemaker.Data.Import.Columns;

/// <summary>Feature kinds by the names users write.</summary>
internal static class FeatureKinds
{
    private static readonly FeatureKind[] All = Enum.GetValues<FeatureKind>();

    /// <summary>The kind of a name that <see cref="Problems"/> has found valid.</summary>
    public static FeatureKind Parse(string text) => Array.Find(All, kind => string.Equals(FeaturePlan.InWords(kind), text, StringComparison.OrdinalIgnoreCase));

    /// <summary>What is wrong with the kinds of these options, if anything.</summary>
    public static IEnumerable<string> Problems(DataOptions options)
    {
        foreach (var (column, kind) in options.Features)
        {
            if (!All.Any(known => string.Equals(FeaturePlan.InWords(known), kind, StringComparison.OrdinalIgnoreCase)))
            {
                var names = All.Select(FeaturePlan.InWords);
                yield return $"Feature '{column}' is to be '{kind}', which is no kind of feature.{Naming.NearestName.DidYouMean(kind, names)} The kinds are {string.Join(", ", names)}.";
            }
        }
    }
}
