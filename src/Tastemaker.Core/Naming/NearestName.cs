namespace Tastemaker.Naming;

/// <summary>
/// Finds the valid name a mistyped one was meant to be, for error messages. Case, hyphens and underscores do not count, so the C# name of
/// a thing finds its command-line name.
/// </summary>
public static class NearestName
{
    /// <summary>
    /// The candidate nearest to <paramref name="name"/> by edits (insert, delete, replace, exchange of neighbors), or one that begins with
    /// it; null where none is near enough to be meant. Of equally near ones, the first.
    /// </summary>
    public static string? Of(string name, IEnumerable<string> candidates)
    {
        var typed = Fold(name);
        var tolerance = Math.Max(1, typed.Length / 3);
        string? nearest = null;
        string? longer = null;
        var least = tolerance + 1;
        foreach (var candidate in candidates)
        {
            var folded = Fold(candidate);
            var distance = Distance(typed, folded);
            // Replacing every letter of a short name is no typing mistake.
            if (distance < least && distance < Math.Max(typed.Length, folded.Length))
            {
                (nearest, least) = (candidate, distance);
            }

            longer ??= typed.Length >= 2 && folded.StartsWith(typed, StringComparison.Ordinal) ? candidate : null;
        }

        return least == 0 ? nearest : longer ?? nearest;
    }

    /// <summary>" Did you mean 'x'?" to append to a message, or an empty text where no candidate is near.</summary>
    public static string DidYouMean(string name, IEnumerable<string> candidates) =>
        Of(name, candidates) is { } nearest ? $" Did you mean '{nearest}'?" : "";

    /// <summary>The number of edits between two texts, an exchange of neighboring characters counting as one (Damerau-Levenshtein, in the form where no part is edited twice).</summary>
    public static int Distance(ReadOnlySpan<char> first, ReadOnlySpan<char> second)
    {
        var before = new int[second.Length + 1];
        var previous = new int[second.Length + 1];
        var current = new int[second.Length + 1];
        for (var column = 0; column <= second.Length; column++)
        {
            previous[column] = column;
        }

        for (var row = 1; row <= first.Length; row++)
        {
            current[0] = row;
            for (var column = 1; column <= second.Length; column++)
            {
                var replace = previous[column - 1] + (first[row - 1] == second[column - 1] ? 0 : 1);
                var least = Math.Min(replace, Math.Min(previous[column], current[column - 1]) + 1);
                var exchanged = row > 1 && column > 1 && first[row - 1] == second[column - 2] && first[row - 2] == second[column - 1];
                current[column] = exchanged ? Math.Min(least, before[column - 2] + 1) : least;
            }

            (before, previous, current) = (previous, current, before);
        }

        return previous[second.Length];
    }

    private static string Fold(string name) => string.Concat(name.Where(c => c is not ('-' or '_' or ' ')).Select(char.ToLowerInvariant));
}
