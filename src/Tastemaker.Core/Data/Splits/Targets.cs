namespace Tastemaker.Data.Splits;

/// <summary>Makes the targets of a hold-out from held-out interactions.</summary>
internal static class Targets
{
    /// <summary>
    /// For the rows (one a user, oldest first) that hold anything not yet seen: the distinct unseen items, ascending, each with its newest
    /// value. Also counts the entries left out because their user had seen the item.
    /// </summary>
    /// <param name="heldOut">A row a user.</param>
    /// <param name="seen">A row a user: items that cannot be targets, ascending.</param>
    public static (int[] Users, SparseRows Rows, int Repeats) Of(SparseRows heldOut, SparseRows seen)
    {
        var users = new List<int>();
        var offsets = new List<int> { 0 };
        var columns = new List<int>(heldOut.EntryCount);
        var values = heldOut.HasValues ? new List<float>(heldOut.EntryCount) : null;
        var repeats = 0;
        for (var user = 0; user < heldOut.RowCount; user++)
        {
            var items = heldOut[user];
            int[] order = [.. Enumerable.Range(0, items.Length)];
            // Stable by place, so the last of equal items is the newest.
            Array.Sort(order, Comparison(items.ToArray()));
            for (var index = 0; index < order.Length; index++)
            {
                var item = items[order[index]];
                if (seen.SortedRowContains(user, item))
                {
                    repeats++;
                }
                else if (index + 1 == order.Length || items[order[index + 1]] != item)
                {
                    columns.Add(item);
                    values?.Add(heldOut.RowValues(user)[order[index]]);
                }
            }

            if (columns.Count > offsets[^1])
            {
                users.Add(user);
                offsets.Add(columns.Count);
            }
        }

        return ([.. users], new SparseRows([.. offsets], [.. columns], heldOut.ColumnCount, values?.ToArray()), repeats);
    }

    private static Comparer<int> Comparison(int[] items) =>
        Comparer<int>.Create((a, b) => items[a] != items[b] ? items[a].CompareTo(items[b]) : a.CompareTo(b));
}
