using System.Collections.Concurrent;

namespace Tastemaker.Data;

/// <summary>
/// What happened: one row an interaction, stored as columns of <c>int</c> user and item indexes with an optional value (a rating, a count;
/// 1 where absent) and an optional time (microseconds since 1970, see <see cref="Timestamps"/>). The row order is the order of the source. Immutable by convention.
/// </summary>
public sealed class Interactions
{
    private const int WorthThreads = 1 << 16;

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

    /// <summary>Time of each row in microseconds since 1970 (<see cref="Timestamps"/>); empty where the data has none.</summary>
    public ReadOnlySpan<long> Times => times;

    /// <summary>Whether rows carry values.</summary>
    public bool HasValues => values is not null;

    /// <summary>Whether rows carry times.</summary>
    public bool HasTimes => times is not null;

    /// <summary>The given rows, in the given order.</summary>
    public Interactions Select(ReadOnlySpan<int> rows) =>
        new(Chosen(users, rows), Chosen(items, rows), values is null ? null : Chosen(values, rows), times is null ? null : Chosen(times, rows));

    /// <summary>The users and items of the given rows: enough for sets, which have no use for values, times and an order.</summary>
    internal Interactions SelectPairs(ReadOnlySpan<int> rows) => new(Chosen(users, rows), Chosen(items, rows));

    /// <summary>
    /// A row a user holding the items in time order (ties, and data without times: source order), with values and times where present.
    /// </summary>
    /// <param name="userCount">Number of users, at least the largest user index + 1.</param>
    /// <param name="itemCount">Number of items, at least the largest item index + 1.</param>
    public SparseRows ByUser(int userCount, int itemCount)
    {
        var order = new UserTimelines(this, userCount);
        return new SparseRows(
            order.Offsets, Chosen(items, order.All), itemCount, values is null ? null : Chosen(values, order.All), times is null ? null : Chosen(times, order.All));
    }

    // Column by column: each read then comes from one array, which mostly goes forward.
    private static unsafe T[] Chosen<T>(T[] column, ReadOnlySpan<int> rows)
    {
        var chosen = GC.AllocateUninitializedArray<T>(rows.Length);
        if (rows.Length < WorthThreads)
        {
            Choose(column, rows, chosen);
            return chosen;
        }

        fixed (int* pointer = rows)
        {
            // A span cannot enter a lambda; the pinned address can, and the loop ends before the pin does.
            var address = (nint)pointer;
            Parallel.ForEach(Partitioner.Create(0, chosen.Length), Parallelism.Loop(), range =>
            {
                var (first, count) = (range.Item1, range.Item2 - range.Item1);
                Choose(column, new ReadOnlySpan<int>((int*)address + first, count), chosen.AsSpan(first, count));
            });
        }

        return chosen;
    }

    private static void Choose<T>(T[] column, ReadOnlySpan<int> rows, Span<T> chosen)
    {
        for (var place = 0; place < rows.Length; place++)
        {
            chosen[place] = column[rows[place]];
        }
    }
}
