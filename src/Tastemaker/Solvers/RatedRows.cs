using Tastemaker.Data;

namespace Tastemaker.Solvers;

/// <summary>The matrix of ratings: of a pair rated more than once, the newest rating. Labelled rows count with both labels.</summary>
internal static class RatedRows
{
    /// <summary>A row a user: distinct items, ascending, with ratings.</summary>
    public static SparseRows Of(TrainingSet train)
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

        return new SparseRows(offsets, [.. items], train.ItemCount, [.. values]);
    }
}
