using Tastemaker.Data;

namespace Tastemaker.Features;

/// <summary>
/// The positives of a user before a row: what happened strictly earlier; without times, everything but the row's own item. So no row sees
/// its own label or the future.
/// </summary>
/// <param name="histories">A row a user: items, oldest first, with times where known.</param>
/// <param name="indexes">The index of each item in the history field.</param>
/// <param name="ofTraining">
/// Whether rows are those that the histories were made of. Then, without times, every history lacks one item of the user's: a row of label 0, whose item
/// is not there, lacks another one, drawn by user and item. Else a history short of one item would give away label 1.
/// </param>
internal sealed class PastItems(SparseRows histories, int[] indexes, bool ofTraining)
{
    /// <summary>Fills the newest items before a row.</summary>
    /// <param name="user">The user; -1 for none.</param>
    /// <param name="item">The row's item.</param>
    /// <param name="time">The row's time; ignored where histories have none.</param>
    /// <param name="items">Receives indexes in the history field, oldest first, at most as many as it holds.</param>
    /// <returns>How many there are.</returns>
    public int Before(int user, int item, long time, Span<int> items)
    {
        if (user < 0 || items.IsEmpty)
        {
            return 0;
        }

        var all = histories[user];
        if (histories.HasTimes)
        {
            var earlier = Earlier(histories.RowTimes(user), time);
            var newest = all[Math.Max(0, earlier - items.Length)..earlier];
            for (var place = 0; place < newest.Length; place++)
            {
                items[place] = indexes[newest[place]];
            }

            return newest.Length;
        }

        var absent = !ofTraining || all.IsEmpty || all.Contains(item) ? item : all[new SeededRandom((ulong)user, (ulong)item).Next(all.Length)];
        var count = 0;
        for (var place = all.Length - 1; place >= 0 && count < items.Length; place--)
        {
            if (all[place] != absent)
            {
                items[count++] = indexes[all[place]];
            }
        }

        items[..count].Reverse();
        return count;
    }

    // How many of some ascending times are before one.
    private static int Earlier(ReadOnlySpan<long> times, long time)
    {
        var (low, high) = (0, times.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = times[middle] < time ? (middle + 1, high) : (low, middle);
        }

        return low;
    }
}
