namespace Tastemaker.Data.Import;

/// <summary>Finds what a user most likely meant.</summary>
internal static class NearestName
{
    /// <summary>The candidate with the least edits (case ignored), or null where none shares half of the name.</summary>
    public static string? Of(string name, IEnumerable<string> candidates)
    {
        var lower = name.ToLowerInvariant();
        var best = candidates
            .Select(candidate => (Candidate: candidate, Edits: Distance(lower, candidate.ToLowerInvariant())))
            .OrderBy(pair => pair.Edits)
            .ThenBy(pair => pair.Candidate, StringComparer.Ordinal)
            .FirstOrDefault();
        return best.Candidate is not null && best.Edits <= Math.Max(name.Length, best.Candidate.Length) / 2 ? best.Candidate : null;
    }

    /// <summary>" Did you mean 'x'?" or nothing.</summary>
    public static string Hint(string name, IEnumerable<string> candidates) =>
        Of(name, candidates) is { } nearest ? $" Did you mean '{nearest}'?" : "";

    /// <summary>Edits, but a name that was only cut short is one step away.</summary>
    private static int Distance(string name, string candidate) =>
        name.Length >= 3 && candidate.StartsWith(name, StringComparison.Ordinal) && candidate != name ? 1 : Edits(name, candidate);

    /// <summary>Levenshtein distance with two rows.</summary>
    private static int Edits(string a, string b)
    {
        var previous = Enumerable.Range(0, b.Length + 1).ToArray();
        var current = new int[b.Length + 1];
        for (var i = 1; i <= a.Length; i++)
        {
            current[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var replaced = previous[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                current[j] = Math.Min(replaced, Math.Min(previous[j], current[j - 1]) + 1);
            }

            (previous, current) = (current, previous);
        }

        return previous[b.Length];
    }
}
