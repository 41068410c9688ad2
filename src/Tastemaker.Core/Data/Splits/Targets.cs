namespace Tastemaker.Data.Splits;

/// <summary>Makes the targets of a hold-out from held-out interactions.</summary>
internal static class Targets
{
    /// <summary>
    /// For the rows (one a user, oldest first) that hold anything not yet seen: the distinct unseen items, ascending, each with its newest
    /// value and time. Also counts the entries left out because their user had seen the item.
    /// </summary>
    /// <param name="heldOut">A row a user.</param>
    /// <param name="seen">A row a user: items that cannot be targets, ascending.</param>
    public static (int[] Users, SparseRows Rows, int Repeats) Of(SparseRows heldOut, SparseRows seen)
    {
        var users = new List<int>();
        var offsets = new List<int> { 0 };
        var columns = new List<int>(heldOut.EntryCount);
        var values = heldOut.HasValues ? new List<float>(heldOut.EntryCount) : null;
        var times = heldOut.HasTimes ? new List<long>(heldOut.EntryCount) : null;
        var repeats = 0;
        for (var user = 0; user < heldOut.RowCount; user++)
        {
            var items = heldOut[user];
            var order = Order(items);
            for (var index = 0; index < order.Length; index++)
            {
                var (item, place) = ((int)(order[index] >> 32), (int)order[index]);
                if (seen.SortedRowContains(user, item))
                {
                    repeats++;
                }
                else if (index + 1 == order.Length || (int)(order[index + 1] >> 32) != item)
                {
                    columns.Add(item);
                    values?.Add(heldOut.RowValues(user)[place]);
                    times?.Add(heldOut.RowTimes(user)[place]);
                }
            }

            if (columns.Count > offsets[^1])
            {
                users.Add(user);
                offsets.Add(columns.Count);
            }
        }

        return ([.. users], new SparseRows([.. offsets], [.. columns], heldOut.ColumnCount, values?.ToArray(), times?.ToArray()), repeats);
    }

    // Each item with its place in the low half, ascending: the last of equal items is the newest.
    private static long[] Order(ReadOnlySpan<int> items)
    {
        var order = new long[items.Length];
        for (var place = 0; place < items.Length; place++)
        {
            order[place] = ((long)items[place] << 32) | (uint)place;
        }

        Array.Sort(order);
        return order;
    }
}
