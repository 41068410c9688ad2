using System.Text.RegularExpressions;

namespace Tastemaker.Data.Import.Columns;

/// <summary>Finds identifiers that look like one thing spelled twice.</summary>
internal static partial class IdChecks
{
    private const int Shown = 3;

    /// <summary>Removes white space around a text and shrinks runs inside to one space: what the option trim does.</summary>
    public static string Trimmed(string text) => WhiteSpace().Replace(text.Trim(), " ");

    /// <summary>The same in SQL; what becomes empty is null.</summary>
    public static string TrimmedSql(string expression) => $@"nullif(trim(regexp_replace({expression}, '\s+', ' ', 'g')), '')";

    /// <summary>Adds a problem where identifiers differ only by white space, and warnings for lesser doubts.</summary>
    public static void Check(string kind, IReadOnlyList<string> ids, List<string> problems, List<string> warnings)
    {
        var spaced = ids.Where(id => Trimmed(id) != id).ToList();
        if (spaced.Count > 0)
        {
            CheckSpaces(kind, ids, spaced, problems, warnings);
        }

        CheckCase(kind, ids, warnings);
    }

    private static void CheckSpaces(string kind, IReadOnlyList<string> ids, List<string> spaced, List<string> problems, List<string> warnings)
    {
        var keys = spaced.Select(Trimmed).ToHashSet(StringComparer.Ordinal);
        var groups = ids.Where(id => keys.Contains(Trimmed(id))).GroupBy(Trimmed).Where(group => group.Count() > 1).ToList();
        if (groups.Count > 0)
        {
            var examples = groups.Take(Shown).Select(group => string.Join(" and ", group.Take(2).Select(id => $"'{id}'")));
            problems.Add($"{groups.Count:N0} {kind}s have identifiers that differ only by white space: {string.Join("; ", examples)}{(groups.Count > Shown ? "; ..." : "")}. " +
                "If each is one, set trim to true; otherwise mend the data.");
        }
        else
        {
            warnings.Add($"{spaced.Count:N0} {kind} identifiers have white space around or doubled inside, such as '{spaced[0]}'. Set trim to true to remove it.");
        }
    }

    private static void CheckCase(string kind, IReadOnlyList<string> ids, List<string> warnings)
    {
        var first = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        var pairs = new List<string>();
        var count = 0;
        foreach (var id in ids)
        {
            if (first.TryAdd(id, id))
            {
                continue;
            }

            count++;
            if (pairs.Count < Shown)
            {
                pairs.Add($"'{first[id]}' and '{id}'");
            }
        }

        if (count > 0)
        {
            warnings.Add($"{count:N0} {kind} identifiers differ from another only by case: {string.Join("; ", pairs)}{(count > Shown ? "; ..." : "")}. They are kept apart.");
        }
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex WhiteSpace();
}
