using System.Text.RegularExpressions;
using Tastemaker.Data.Import.Reading;

namespace Tastemaker.Data.Import.Columns;

/// <summary>Finds identifiers that look like one thing spelled twice.</summary>
internal static partial class IdChecks
{
    private const int Shown = 3;

    private const int MostComposed = 10_000;

    /// <summary>Removes white space around a text and shrinks runs inside to one space: what the option trim does.</summary>
    public static string Trimmed(string text) => WhiteSpace().Replace(text.Trim(), " ");

    /// <summary>The same in SQL; what becomes empty is null.</summary>
    public static string TrimmedSql(string expression) => $@"nullif(trim(regexp_replace({expression}, '\s+', ' ', 'g')), '')";

    /// <summary>Adds a problem where identifiers differ only by white space, and warnings for lesser doubts.</summary>
    /// <param name="kind">"user" or "item".</param>
    /// <param name="ids">The identifiers.</param>
    /// <param name="composed">What <see cref="Composed"/> gives for them.</param>
    /// <param name="problems">Receives what is refused.</param>
    /// <param name="warnings">Receives doubts.</param>
    public static void Check(string kind, IReadOnlyList<string> ids, IReadOnlyDictionary<string, string> composed, List<string> problems, List<string> warnings)
    {
        var spaced = ids.Where(id => Trimmed(id) != id).ToList();
        if (spaced.Count > 0)
        {
            CheckSpaces(kind, ids, spaced, problems, warnings);
        }

        CheckCase(kind, ids, warnings);
        CheckSpellings(kind, ids, id => composed.GetValueOrDefault(id, id), "by how Unicode composes their letters (NFC and NFD)", warnings);
        CheckSpellings(kind, ids, WithoutZeroFraction, "by a fraction of zero, which programs add to whole numbers", warnings);
    }

    /// <summary>Identifiers with marks that are characters of their own, and their composed form (NFC).</summary>
    /// <remarks>By DuckDB: where globalization is invariant, .NET composes nothing.</remarks>
    public static IReadOnlyDictionary<string, string> Composed(DuckDbSession session, IReadOnlyList<string> ids)
    {
        var marked = ids.Where(id => id.AsSpan().ContainsAnyInRange('\u0300', '\u036f')).Take(MostComposed).ToList();
        return marked.Count == 0
            ? new Dictionary<string, string>()
            : marked.Zip(session.Rows($"SELECT nfc_normalize(unnest([{string.Join(", ", marked.Select(DuckDbSession.Literal))}]))")).ToDictionary(pair => pair.First, pair => pair.Second[0]!);
    }

    /// <summary>Warns where the plain spelling of an identifier is another identifier.</summary>
    private static void CheckSpellings(string kind, IReadOnlyList<string> ids, Func<string, string> plain, string difference, List<string> warnings)
    {
        var odd = ids.Where(id => plain(id) != id).ToList();
        var others = odd.Count == 0 ? [] : ids.ToHashSet(StringComparer.Ordinal);
        var pairs = odd.Where(id => others.Contains(plain(id))).ToList();
        if (pairs.Count > 0)
        {
            var examples = pairs.Take(Shown).Select(id => $"'{plain(id)}' and '{id}'");
            warnings.Add($"{pairs.Count:N0} {kind} identifiers differ from another only {difference}: {string.Join("; ", examples)}{(pairs.Count > Shown ? "; ..." : "")}. They are kept apart; if each pair is one {kind}, fix the data.");
        }
    }

    // "5.0" is what a column of whole numbers becomes where a value was missing.
    private static string WithoutZeroFraction(string id)
    {
        var point = id.IndexOf('.', StringComparison.Ordinal);
        return point > 0 && point < id.Length - 1 && id.AsSpan(0, point).TrimStart('-').IndexOfAnyExceptInRange('0', '9') < 0 && id.AsSpan(point + 1).Trim('0').IsEmpty ? id[..point] : id;
    }

    private static void CheckSpaces(string kind, IReadOnlyList<string> ids, List<string> spaced, List<string> problems, List<string> warnings)
    {
        var keys = spaced.Select(Trimmed).ToHashSet(StringComparer.Ordinal);
        var groups = ids.Where(id => keys.Contains(Trimmed(id))).GroupBy(Trimmed).Where(group => group.Count() > 1).ToList();
        if (groups.Count > 0)
        {
            var examples = groups.Take(Shown).Select(group => string.Join(" and ", group.Take(2).Select(id => $"'{id}'")));
            problems.Add($"{groups.Count:N0} {kind}s have identifiers that differ only by white space: {string.Join("; ", examples)}{(groups.Count > Shown ? "; ..." : "")}. " +
                "If each is one, set trim to true; otherwise fix the data.");
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
