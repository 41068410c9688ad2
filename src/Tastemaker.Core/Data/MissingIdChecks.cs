using System.Globalization;
using Tastemaker.Data.Filters;

namespace Tastemaker.Data;

/// <summary>Identifiers that other programs write where there is none: rows of many people who look like one.</summary>
internal static class MissingIdChecks
{
    private const double LeastShare = 0.01;

    private static readonly string[] Names = ["NA", "N/A", "NaN", "null", "none", "nil", "\\N", "-", "?", "unknown", "undefined", "missing"];

    /// <summary>A sentence for each identifier that is spelled like a missing value and has a hundredth of the rows or more.</summary>
    /// <param name="data">The data.</param>
    /// <param name="filters">The filters that will be applied: what they drop is not warned of.</param>
    public static IEnumerable<string> Warnings(Dataset data, IReadOnlyList<string> filters)
    {
        if (data.IsLabelled)
        {
            return []; // of impressions, "unknown" is a category
        }

        return Of("user", data.Users, data.Interactions.Users, filters).Concat(Of("item", data.Items, data.Interactions.Items, filters));
    }

    private static List<string> Of(string kind, Vocabulary ids, ReadOnlySpan<int> rows, IReadOnlyList<string> filters)
    {
        var warnings = new List<string>();
        foreach (var id in ids.Ids.Where(id => Names.Contains(id, StringComparer.OrdinalIgnoreCase)))
        {
            var (count, drop) = (rows.Count(ids.IndexOf(id)), $"{(kind == "user" ? new DropIds(User: id) : new DropIds(Item: id))}");
            if (ids.Count > 1 && !filters.Contains(drop) && count >= LeastShare * rows.Length)
            {
                warnings.Add($"The {kind} '{id}' has {count:N0} of {rows.Length:N0} rows ({((double)count / rows.Length).ToString("P1", CultureInfo.InvariantCulture)}) and is spelled like a missing value: " +
                    $"what many did counts as what one {kind} did. Remove these rows with --filter \"{drop}\"{(kind == "user" ? ", or name another column of users or sessions with the option user" : "")}.");
            }
        }

        return warnings;
    }
}
