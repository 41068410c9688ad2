using Tastemaker.Data.Import.Formats;

namespace Tastemaker.Data.Import.Columns;

/// <summary>Columns of likes and dislikes that nobody has named as the label: by their name and by holding nothing but 0 and 1.</summary>
internal static class LabelNames
{
    private static readonly HashSet<string> Verbs =
    [
        "like", "liked", "love", "loved", "click", "clicked", "buy", "bought", "purchase", "purchased", "order", "ordered", "convert", "converted",
        "conversion", "accept", "accepted", "open", "opened", "follow", "followed", "favorite", "favorited", "relevant", "positive", "interested", "thumbsup",
    ];

    private static readonly string[] Prefixes = ["is", "was", "has"];

    /// <summary>Whether a column is named like a label: "clicked", "is_liked".</summary>
    public static bool IsOne(string name)
    {
        var plain = RoleNames.Plain(name);
        return Verbs.Contains(plain) || Array.Exists(Prefixes, prefix => plain.StartsWith(prefix, StringComparison.Ordinal) && Verbs.Contains(plain[prefix.Length..]));
    }

    /// <summary>Whether values are nothing but labels of both kinds: 0 and 1, -1 and 1, true and false, yes and no.</summary>
    public static bool Fits(ColumnStatistics statistics) =>
        statistics is { Zeros: > 0, Ones: > 0 } && statistics.Zeros + statistics.Ones == statistics.Rows;

    /// <summary>The columns without a role that are named like labels.</summary>
    public static List<SourceColumn> Candidates(Relation relation, ColumnRoles roles) =>
        [.. relation.Columns.Where(column => !roles.Has(column) && !column.IsList && !column.IsNested && IsOne(column.Name))];
}
