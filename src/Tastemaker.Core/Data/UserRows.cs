using System.Collections.Concurrent;

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
        var users = interactions.Users;
        for (var row = 0; row < rows.Length; row++)
        {
            rows[next[users[row]]++] = row;
        }

        if (interactions.HasTimes && userCount > 0)
        {
            Parallel.ForEach(Partitioner.Create(0, userCount), Parallelism.Loop(), range => Order(interactions, range.Item1, range.Item2, tiesByItem));
        }
    }

    /// <summary>Number of users.</summary>
    public int UserCount => offsets.Length - 1;

    /// <summary>Where each user's rows begin in <see cref="All"/>, length users + 1.</summary>
    public int[] Offsets => offsets;

    /// <summary>The rows of all users, user after user.</summary>
    public ReadOnlySpan<int> All => rows;

    /// <summary>The rows of a user, oldest first.</summary>
    public ReadOnlySpan<int> this[int user] => rows.AsSpan(offsets[user]..offsets[user + 1]);

    private void Order(Interactions interactions, int firstUser, int endUser, bool tiesByItem)
    {
        var times = interactions.Times;
        var items = interactions.Items;
        long[] buffer = [];
        for (var user = firstUser; user < endUser; user++)
        {
            var own = rows.AsSpan(offsets[user]..offsets[user + 1]);
            if (buffer.Length < own.Length)
            {
                buffer = new long[Math.Max(own.Length, 2 * buffer.Length)];
            }

            var keys = buffer.AsSpan(0, own.Length);
            if (!Gather(times, own, keys))
            {
                // Not a stable sort, so that rows of one time need an order of their own below.
                keys.Sort(own);
            }

            OrderTies(own, keys, items, tiesByItem);
        }
    }

    // The time of each row; returns whether they ascend already, as in most files.
    private static bool Gather(ReadOnlySpan<long> times, ReadOnlySpan<int> rows, Span<long> keys)
    {
        var ascending = true;
        for (var place = 0; place < rows.Length; place++)
        {
            keys[place] = times[rows[place]];
            ascending &= place == 0 || keys[place - 1] <= keys[place];
        }

        return ascending;
    }

    private static void OrderTies(Span<int> rows, ReadOnlySpan<long> keys, ReadOnlySpan<int> items, bool byItem)
    {
        for (var first = 0; first < rows.Length;)
        {
            var end = first + 1;
            while (end < rows.Length && keys[end] == keys[first])
            {
                end++;
            }

            if (end - first > 1)
            {
                rows[first..end].Sort();
            }

            if (end - first > 1 && byItem)
            {
                var places = new long[end - first];
                for (var place = first; place < end; place++)
                {
                    places[place - first] = ((long)items[rows[place]] << 32) | (uint)rows[place];
                }

                places.AsSpan().Sort(rows[first..end]);
            }

            first = end;
        }
    }
}
