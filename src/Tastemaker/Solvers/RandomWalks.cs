using Tastemaker.Data;

namespace Tastemaker.Solvers;

/// <summary>
/// Random walks over a bipartite graph with restarts: from an item to one of its users, from there to one of that user's items, and so on; before each step a walk ends with some probability, and another begins.
/// How often others are visited from an item says how near they are: personalized PageRank. Runs on all cores; what is drawn for an item depends on the seed and the item alone.
/// </summary>
/// <param name="itemsOfUsers">A row per user: its items.</param>
/// <param name="usersOfItems">A row per item: its users.</param>
internal sealed class RandomWalks(SparseRows itemsOfUsers, SparseRows usersOfItems)
{
    /// <summary>Steps from item to item that are taken from each item, over all of its walks.</summary>
    public required int Steps { get; init; }

    /// <summary>Probability that a walk ends before a step.</summary>
    public double Restart { get; init; } = 0.5;

    /// <summary>The items visited most from each item, most visited first, ties by number, with the share of its visits that each had; the item itself does not count.</summary>
    /// <param name="most">Items kept per row.</param>
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
                return; // only the start can be without users
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
