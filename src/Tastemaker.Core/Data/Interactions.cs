namespace Tastemaker.Data;

/// <summary>
/// What happened: one row an interaction, stored as columns of <c>int</c> user and item indexes with an optional value (a rating, a count;
/// 1 where absent) and an optional time (Unix seconds). The row order is the order of the source. Immutable by convention.
/// </summary>
public sealed class Interactions
{
    private readonly int[] users;
    private readonly int[] items;
    private readonly float[]? values;
    private readonly long[]? times;

    /// <summary>Wraps the columns without copying them; all present columns have the same length.</summary>
    public Interactions(int[] users, int[] items, float[]? values = null, long[]? times = null)
    {
        if (users.Length != items.Length || (values?.Length ?? users.Length) != users.Length || (times?.Length ?? users.Length) != users.Length)
        {
            throw new ArgumentException("The columns of interactions must have one length.");
        }

        this.users = users;
        this.items = items;
        this.values = values;
        this.times = times;
    }

    /// <summary>Number of interactions.</summary>
    public int Count => users.Length;

    /// <summary>User index of each row.</summary>
    public ReadOnlySpan<int> Users => users;

    /// <summary>Item index of each row.</summary>
    public ReadOnlySpan<int> Items => items;

    /// <summary>Value of each row; empty where the data has none (implicit feedback).</summary>
    public ReadOnlySpan<float> Values => values;

    /// <summary>Time of each row in Unix seconds; empty where the data has none.</summary>
    public ReadOnlySpan<long> Times => times;

    /// <summary>Whether rows carry values.</summary>
    public bool HasValues => values is not null;

    /// <summary>Whether rows carry times.</summary>
    public bool HasTimes => times is not null;

    /// <summary>The given rows, in the given order.</summary>
    public Interactions Select(ReadOnlySpan<int> rows)
    {
        var newUsers = new int[rows.Length];
        var newItems = new int[rows.Length];
        var newValues = values is null ? null : new float[rows.Length];
        var newTimes = times is null ? null : new long[rows.Length];
        for (var row = 0; row < rows.Length; row++)
        {
            newUsers[row] = users[rows[row]];
            newItems[row] = items[rows[row]];
            if (newValues is not null)
            {
                newValues[row] = values![rows[row]];
            }

            if (newTimes is not null)
            {
                newTimes[row] = times![rows[row]];
            }
        }

        return new Interactions(newUsers, newItems, newValues, newTimes);
    }

    /// <summary>
    /// A row a user holding the items in time order (ties, and data without times: source order), with values and times where present.
    /// </summary>
    /// <param name="userCount">Number of users, at least the largest user index + 1.</param>
    /// <param name="itemCount">Number of items, at least the largest item index + 1.</param>
    public SparseRows ByUser(int userCount, int itemCount)
    {
        var offsets = new int[userCount + 1];
        foreach (var user in users)
        {
            offsets[user + 1]++;
        }

        for (var user = 0; user < userCount; user++)
        {
            offsets[user + 1] += offsets[user];
        }

        var next = offsets.AsSpan(0, userCount).ToArray();
        var order = new int[Count];
        for (var row = 0; row < Count; row++)
        {
            order[next[users[row]]++] = row;
        }

        if (times is not null)
        {
            for (var user = 0; user < userCount; user++)
            {
                // Source rows ascend inside a user, so the row number breaks ties of time and the order is stable.
                order.AsSpan(offsets[user]..offsets[user + 1]).Sort((a, b) => times[a] != times[b] ? times[a].CompareTo(times[b]) : a.CompareTo(b));
            }
        }

        var sorted = Select(order);
        return new SparseRows(offsets, sorted.items, itemCount, sorted.values, sorted.times);
    }
}
