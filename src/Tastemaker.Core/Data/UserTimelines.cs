using System.Collections.Concurrent;
using Tastemaker.Data.Splits;

namespace Tastemaker.Data;

/// <summary>
/// The row numbers of interactions, user after user, each user's oldest first. Where <see cref="Interactions.ByUser"/> gives what happened,
/// this gives which rows it was.
/// </summary>
internal sealed class UserTimelines
{
    private readonly int[] offsets;
    private readonly int[] rows;

    /// <summary>Orders by time where there are times; equal times keep the order of the source.</summary>
    public UserTimelines(Interactions interactions, int userCount)
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
            Parallel.ForEach(Partitioner.Create(0, userCount), Parallelism.Loop(), range => Order(interactions.Times, range.Item1, range.Item2));
        }
    }

    /// <summary>The order that decides what is held out: by time (random parts are shuffled later), or that of the source.</summary>
    public static UserTimelines Of(Dataset data, HoldOutOrder by) => new(
        by == HoldOutOrder.Order ? new Interactions(data.Interactions.Users.ToArray(), data.Interactions.Items.ToArray()) : data.Interactions, data.Users.Count);

    /// <summary>Number of users.</summary>
    public int UserCount => offsets.Length - 1;

    /// <summary>Where each user's rows begin in <see cref="All"/>, length users + 1.</summary>
    public int[] Offsets => offsets;

    /// <summary>The rows of all users, user after user.</summary>
    public ReadOnlySpan<int> All => rows;

    /// <summary>The rows of a user, oldest first.</summary>
    public ReadOnlySpan<int> this[int user] => rows.AsSpan(offsets[user]..offsets[user + 1]);

    private void Order(ReadOnlySpan<long> times, int firstUser, int endUser)
    {
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

            OrderTies(own, keys);
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

    private static void OrderTies(Span<int> rows, ReadOnlySpan<long> keys)
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

            first = end;
        }
    }
}
