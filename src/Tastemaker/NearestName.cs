namespace Tastemaker;

/// <summary>Finds what a misspelt name was meant to be.</summary>
internal static class NearestName
{
    /// <summary>The candidate with the least edit distance, ignoring case; null if none is within a third of the name's length (at least 2).</summary>
    public static string? Of(string name, IEnumerable<string> candidates)
    {
        var limit = Math.Max(2, name.Length / 3);
        var (best, bestDistance) = ((string?)null, limit + 1);
        foreach (var candidate in candidates)
        {
            var distance = Distance(name, candidate, bestDistance - 1);
            if (distance < bestDistance)
            {
                (best, bestDistance) = (candidate, distance);
            }
        }

        return best;
    }

    /// <summary>A clause for the end of a message: "; did you mean 'x'?" or "; known are a, b, c".</summary>
    public static string Hint(string name, IReadOnlyCollection<string> candidates) =>
        Of(name, candidates) is { } nearest ? $" Did you mean '{nearest}'?"
        : candidates.Count is > 0 and <= 40 ? $" Known are {string.Join(", ", candidates)}."
        : "";

    /// <summary>Edit distance with swaps of neighbours (optimal string alignment), or limit + 1 if it is larger.</summary>
    private static int Distance(string left, string right, int limit)
    {
        if (Math.Abs(left.Length - right.Length) > limit)
        {
            return limit + 1;
        }

        var (before, previous, current) = (new int[right.Length + 1], new int[right.Length + 1], new int[right.Length + 1]);
        for (var column = 0; column <= right.Length; column++)
        {
            previous[column] = column;
        }

        for (var row = 1; row <= left.Length; row++)
        {
            current[0] = row;
            for (var column = 1; column <= right.Length; column++)
            {
                var change = Same(left[row - 1], right[column - 1]) ? 0 : 1;
                current[column] = Math.Min(Math.Min(previous[column], current[column - 1]) + 1, previous[column - 1] + change);
                if (row > 1 && column > 1 && Same(left[row - 1], right[column - 2]) && Same(left[row - 2], right[column - 1]))
                {
                    current[column] = Math.Min(current[column], before[column - 2] + 1);
                }
            }

            (before, previous, current) = (previous, current, before);
        }

        return previous[right.Length];
    }

    private static bool Same(char left, char right) => char.ToLowerInvariant(left) == char.ToLowerInvariant(right);
}
