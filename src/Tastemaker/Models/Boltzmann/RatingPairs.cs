using Tastemaker.Data;

namespace Tastemaker.Models.Boltzmann;

/// <summary>
/// The rated cells of a matrix in both orders. Pairs are numbered by user and, within one, by item; <see cref="ItemPairs"/> gives the number of each entry
/// of <see cref="ByItem"/>.
/// </summary>
internal sealed class RatingPairs
{
    private RatingPairs(SparseRows byUser)
    {
        ByUser = byUser;
        ByItem = byUser.Transpose();
        UserPairs = [.. Enumerable.Range(0, byUser.EntryCount)];
        ItemPairs = new int[byUser.EntryCount];
        var next = ByItem.Offsets.ToArray();
        foreach (var (pair, item) in byUser.Columns.ToArray().Index())
        {
            ItemPairs[next[item]++] = pair;
        }
    }

    /// <summary>A row a user: distinct items, ascending, with ratings.</summary>
    public SparseRows ByUser { get; }

    /// <summary>A row an item: distinct users, ascending, with ratings.</summary>
    public SparseRows ByItem { get; }

    /// <summary>The pair of each entry of <see cref="ByUser"/>: its own number.</summary>
    public int[] UserPairs { get; }

    /// <summary>The pair of each entry of <see cref="ByItem"/>.</summary>
    public int[] ItemPairs { get; }

    /// <summary>Number of pairs.</summary>
    public int Count => ByUser.EntryCount;

    /// <summary>The pairs of rows that are distinct and ascending.</summary>
    public static RatingPairs Of(SparseRows byUser) => new(byUser);

    /// <summary>The ratings of a training set; of a pair rated more than once, the newest.</summary>
    public static RatingPairs Of(TrainingSet train)
    {
        var all = train.Interactions;
        int[] order = [.. Enumerable.Range(0, all.Count)];
        Array.Sort(order, (left, right) =>
        {
            var rows = train.Interactions;
            var byUser = rows.Users[left].CompareTo(rows.Users[right]);
            var byItem = byUser != 0 ? byUser : rows.Items[left].CompareTo(rows.Items[right]);
            var byTime = byItem != 0 || !rows.HasTimes ? byItem : rows.Times[left].CompareTo(rows.Times[right]);
            return byTime != 0 ? byTime : left.CompareTo(right);
        });
        var (offsets, items, values) = (new int[train.UserCount + 1], new List<int>(order.Length), new List<float>(order.Length));
        var last = -1;
        foreach (var row in order)
        {
            if (all.Users[row] == last && items[^1] == all.Items[row])
            {
                values[^1] = all.Values[row];
                continue;
            }

            last = all.Users[row];
            offsets[last + 1]++;
            items.Add(all.Items[row]);
            values.Add(all.Values[row]);
        }

        for (var user = 0; user < train.UserCount; user++)
        {
            offsets[user + 1] += offsets[user];
        }

        return new RatingPairs(new SparseRows(offsets, [.. items], train.ItemCount, [.. values]));
    }

    /// <summary>The mean rating of each row, and <paramref name="otherwise"/> where there is none.</summary>
    public static float[] Means(SparseRows rows, float otherwise)
    {
        var means = new float[rows.RowCount];
        for (var row = 0; row < means.Length; row++)
        {
            means[row] = rows.Length(row) == 0 ? otherwise : Mean(rows.RowValues(row));
        }

        return means;
    }

    /// <summary>The mean of some ratings.</summary>
    public static float Mean(ReadOnlySpan<float> ratings)
    {
        var sum = 0.0;
        foreach (var rating in ratings)
        {
            sum += rating;
        }

        return (float)(sum / Math.Max(1, ratings.Length));
    }
}
