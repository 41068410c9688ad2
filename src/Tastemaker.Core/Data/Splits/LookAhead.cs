namespace Tastemaker.Data.Splits;

/// <summary>Names the leaks that splits share which do not cut at one moment, and the targets that the order of the source decided.</summary>
internal static class LookAhead
{
    /// <summary>The note for random parts of data with times; none for data without.</summary>
    public static IReadOnlyList<string> Note(Dataset data) => data.Interactions.HasTimes
        ? ["The split is random while interactions have times: systems learn from interactions that are later than what they are tested on (temporal leakage). --split temporal has none."]
        : [];

    /// <summary>The notes for parts that follow each other within each user: what is learned of others is later, and how many targets are ambiguous.</summary>
    public static IReadOnlyList<string> OfOthers(Dataset data, UserTimelines order, SplitPart[] parts, HoldOutOrder by)
    {
        List<string> notes = [$"Each user's last interactions (by {by.ToString().ToLowerInvariant()}) are held out: other users' later interactions are in training (global temporal leakage). --split temporal has none."];
        if (by == HoldOutOrder.Time && Ambiguous(data.Interactions.Times, order, parts) is > 0 and var ambiguous)
        {
            notes.Add($"{ambiguous} of {parts.Count(part => part == SplitPart.Test)} test interactions have the same time as one of their user that is not tested: the order of the source decided which is newer.");
        }

        return notes;
    }

    // Test rows whose time is also that of a row of their user in another part.
    private static int Ambiguous(ReadOnlySpan<long> times, UserTimelines order, SplitPart[] parts)
    {
        var ambiguous = 0;
        for (var user = 0; user < order.UserCount; user++)
        {
            var rows = order[user];
            var first = rows.Length;
            while (first > 0 && parts[rows[first - 1]] == SplitPart.Test)
            {
                first--;
            }

            for (var place = first; first > 0 && place < rows.Length && times[rows[place]] == times[rows[first - 1]]; place++)
            {
                ambiguous++;
            }
        }

        return ambiguous;
    }
}
