using System.Text.RegularExpressions;
using Tastemaker.Data.Import.Formats;
using Tastemaker.Data.Import.Reading;

namespace Tastemaker.Data.Import.Columns;

/// <summary>
/// Columns that name the row and say nothing about it: the index that pandas writes, running numbers, identifiers of transactions. A system would learn rows by
/// heart from them: row numbers of a sorted file even tell the label.
/// </summary>
internal static partial class RowIdentifiers
{
    // Among fewer rows, values may well be different by chance.
    private const int FewestRows = 20;

    /// <summary>The columns whose categories are different in every row.</summary>
    public static HashSet<SourceColumn> Find(DuckDbSession session, Relation relation, IReadOnlyDictionary<SourceColumn, ColumnStatistics> statistics, long limit)
    {
        // The approximate number spares most columns the exact one.
        var suspects = statistics.Where(pair => pair.Value.Rows >= FewestRows && pair.Value.Filled == pair.Value.Rows && pair.Value.Distinct > 0.8 * pair.Value.Rows
            && !pair.Key.IsList && !pair.Key.IsNested && FeaturePlanner.Kind(pair.Key, pair.Value) == FeatureKind.Categorical).Select(pair => pair.Key).ToList();
        if (suspects.Count == 0)
        {
            return [];
        }

        var counts = session.Rows($"SELECT count(*), {string.Join(", ", suspects.Select(column => $"count(DISTINCT {DuckDbSession.Name(column.Name)})"))} FROM (FROM {relation.Lenient} LIMIT {limit})")[0];
        return [.. suspects.Where((_, index) => counts[index + 1] == counts[0])];
    }

    /// <summary>Why a column is left out of the features; null where it is not.</summary>
    public static string? Why(SourceColumn column, ColumnStatistics statistics, bool ofInteractions, bool isUnique) =>
        statistics.IsInteger && IndexName().IsMatch(column.Name) ? "is an index of rows by its name"
        : ofInteractions && statistics.IsRowNumber ? "holds the number of each row"
        : isUnique ? "is different in every row"
        : null;

    /// <summary>The plan that leaves a column out, with the words that say so.</summary>
    public static FeaturePlan LeaveOut(Relation relation, SourceColumn column, string why, List<string> warnings)
    {
        warnings.Add($"Column '{column.Name}' of {relation.Label} {why} and was left out of the features: it says nothing about other rows. " +
            $"Keep it by declaring its kind with the option features (--feature \"{column.Name}=categorical\").");
        return new FeaturePlan(column, FeatureKind.Ignore);
    }

    [GeneratedRegex("^(unnamed: ?[0-9]+(_level_[0-9]+)?|index|row_?(id|index|number|names?)|level_0)$", RegexOptions.IgnoreCase)]
    private static partial Regex IndexName();
}
