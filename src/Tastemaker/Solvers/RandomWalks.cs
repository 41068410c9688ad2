using Tastemaker.Data;

namespace Tastemaker.Solvers;

/// <summary>
/// Random walks with restarts over a bipartite graph. A step goes from an item to one of its users and from there to one of the items of that user, both uniformly at random; before each step the walk restarts at its first
/// item with some probability. The share of visits that another item gets estimates its personalized PageRank. Runs on all cores; the walks of an item depend on the seed and the item alone.
/// </summary>
/// <param name="itemsOfUsers">A row per user: its items.</param>
/// <param name="usersOfItems">A row per item: its users.</param>
internal sealed class RandomWalks(SparseRows itemsOfUsers, SparseRows usersOfItems)
{
    /// <summary>Number of steps from item to item, over all walks from one item.</summary>
    public required int Steps { get; init; }

    /// <summary>Probability that a walk restarts before a step.</summary>
    public double Restart { get; init; } = 0.5;

    /// <summary>A row per item: the items that its walks visit most, most visited first, ties by index, with the share of visits of each. Visits to the item itself do not count.</summary>
    /// <param name="most">Most items of a row.</param>
    /// <param name="seed">Seed.</param>
    /// <param name="parallel">How many cores.</param>
    public SparseRows Visits(int most, ulong seed, ParallelOptions parallel)
    {
        var rows = new (int[] Items, float[] Shares)[usersOfItems.RowCount];
        Parallel.For(0, rows.Length, parallel, () => new Dictionary<int, int>(), (item, _, counts) =>
        {
            Walk(item, new SeededRandom(seed, (ulong)item), counts);
            var total = (float)counts.Values.Sum();
            KeyValuePair<int, int>[] kept = [.. counts.OrderByDescending(count => count.Value).ThenBy(count => count.Key).Take(most)];
            rows[item] = (Array.ConvertAll(kept, count => count.Key), Array.ConvertAll(kept, count => count.Value / total));
            return counts;
        }, _ => { });
        var offsets = new int[rows.Length + 1];
        for (var item = 0; item < rows.Length; item++)
        {
            offsets[item + 1] = offsets[item] + rows[item].Items.Length;
        }

        return new SparseRows(offsets, [.. rows.SelectMany(row => row.Items)], rows.Length, [.. rows.SelectMany(row => row.Shares)]);
    }

    private void Walk(int start, SeededRandom random, Dictionary<int, int> counts)
    {
        counts.Clear();
        var at = start;
        for (var step = 0; step < Steps; step++)
        {
            at = random.NextDouble() < Restart ? start : at;
            var users = usersOfItems[at];
            if (users.IsEmpty)
            {
                return; // only the first item of a walk can be without users
            }

            var items = itemsOfUsers[users[random.Next(users.Length)]];
            at = items[random.Next(items.Length)];
            if (at != start)
            {
                counts[at] = counts.GetValueOrDefault(at) + 1;
            }
        }
    }
}
