namespace Tastemaker.Data;

/// <summary>
/// The row numbers of interactions, user after user, each user's oldest first. Where <see cref="Interactions.ByUser"/> gives what happened,
/// this gives which rows it was.
/// </summary>
internal sealed class UserRows
{
    private readonly int[] offsets;
    private readonly int[] rows;

    /// <summary>Orders by time where there are times. Equal times keep source order, or go by item index where asked for.</summary>
    public UserRows(Interactions interactions, int userCount, bool tiesByItem = false)
    {
        offsets = new int[userCount + 1];
        foreach (var user in interactions.Users)
        {
            offsets[user + 1]++;
        }

        for (var user = 0; user < userCount; user++)
        {
            offsets[user + 1] += offsets[user];
        }

        var next = offsets.AsSpan(0, userCount).ToArray();
        rows = new int[interactions.Count];
        for (var row = 0; row < rows.Length; row++)
        {
            rows[next[interactions.Users[row]]++] = row;
        }

        if (interactions.HasTimes)
        {
            for (var user = 0; user < userCount; user++)
            {
                rows.AsSpan(offsets[user]..offsets[user + 1]).Sort((a, b) => Compare(interactions, a, b, tiesByItem));
            }
        }
    }

    /// <summary>Number of users.</summary>
    public int UserCount => offsets.Length - 1;

    /// <summary>The rows of a user, oldest first.</summary>
    public ReadOnlySpan<int> this[int user] => rows.AsSpan(offsets[user]..offsets[user + 1]);

    private static int Compare(Interactions interactions, int a, int b, bool tiesByItem)
    {
        var byTime = interactions.Times[a].CompareTo(interactions.Times[b]);
        if (byTime != 0)
        {
            return byTime;
        }

        var byItem = tiesByItem ? interactions.Items[a].CompareTo(interactions.Items[b]) : 0;
        return byItem != 0 ? byItem : a.CompareTo(b);
    }
}
