using Tastemaker.Batches;
using Tastemaker.Data;
using Tastemaker.Nn;
using Tastemaker.Solvers;
using static TorchSharp.torch;

namespace Tastemaker.Models.Graph;

/// <summary>What a pass over some items needs, compact: the features of the nodes below all layers, and who is averaged by whom.</summary>
/// <param name="features">The features of the lowest nodes [nodes, columns].</param>
/// <param name="pools">Of each layer, the weights of neighbors [nodes, nodes below].</param>
/// <param name="places">Of each layer, where each node is among those below.</param>
internal sealed class PinSageSubgraph(CsrMatrix features, CsrMatrix[] pools, long[][] places) : IDisposable
{
    /// <summary>The features of the lowest nodes.</summary>
    public CsrMatrix Features => features;

    /// <summary>Of each layer, the weights of neighbors.</summary>
    public IReadOnlyList<CsrMatrix> Pools => pools;

    /// <summary>Of each layer, where each node is among those below [n], int64; once loaded.</summary>
    public IReadOnlyList<Tensor> Places { get; private set; } = [];

    /// <summary>Makes the tensors.</summary>
    public PinSageSubgraph Load(Device device)
    {
        Places = [.. places.Select(of => tensor(of, device: device))];
        return this;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        features.Dispose();
        foreach (var pool in pools)
        {
            pool.Dispose();
        }
    }
}

/// <summary>The neighbors of every item by random walks over a graph, with weights that add up to 1, and the features that items have in it: their own and the logarithm of their degree.</summary>
internal sealed class ItemNeighborhoods
{
    private readonly SparseRows features;
    private readonly SparseRows neighbors;
    private readonly int[] places; // of items among some nodes, -1 elsewhere: used by one thread at a time

    /// <param name="itemsOfUsers">The graph, a row per user.</param>
    /// <param name="itemFeatures">A row per item.</param>
    /// <param name="options">Walks and pooling.</param>
    /// <param name="seed">Seed of the walks.</param>
    public ItemNeighborhoods(SparseRows itemsOfUsers, SparseRows itemFeatures, PinSageOptions options, ulong seed)
    {
        var items = itemsOfUsers.ColumnCount;
        var usersOfItems = itemsOfUsers.Transpose();
        var ranks = Math.Max(options.Neighbors, (int)(options.HardTo * items));
        Ranking = new RandomWalks(itemsOfUsers, usersOfItems) { Steps = options.WalkSteps, Restart = options.Restart }.Visits(ranks, seed, Parallelism.Loop());
        neighbors = Nearest(options);
        features = WithDegrees(itemFeatures, usersOfItems, options.ItemIds);
        places = new int[items];
        Array.Fill(places, -1);
    }

    /// <summary>Items by how often walks from each visit them, a row per item, more of them than are neighbors.</summary>
    public SparseRows Ranking { get; }

    /// <summary>The neighbors of items, a row per item, with their weights.</summary>
    public SparseRows Neighbors => neighbors;

    /// <summary>A pass over all items.</summary>
    public PinSageSubgraph Whole(int layers)
    {
        long[] all = [.. Enumerable.Range(0, neighbors.RowCount).Select(item => (long)item)];
        var pool = new CsrMatrix(neighbors, neighbors.Values.ToArray());
        return new PinSageSubgraph(new CsrMatrix(features, features.Values.ToArray()), [.. Enumerable.Repeat(pool, layers)], [.. Enumerable.Repeat(all, layers)]).Load(CPU);
    }

    /// <summary>A pass over some items, with no more nodes below than it reads.</summary>
    /// <param name="items">The items, distinct.</param>
    /// <param name="layers">Layers.</param>
    public PinSageSubgraph Of(int[] items, int layers)
    {
        var (pools, of) = (new CsrMatrix[layers], new long[layers][]);
        var above = items;
        for (var layer = layers - 1; layer >= 0; layer--)
        {
            List<int> below = [.. above];
            Mark(above);
            foreach (var item in above)
            {
                foreach (var neighbor in neighbors[item])
                {
                    if (places[neighbor] < 0)
                    {
                        places[neighbor] = below.Count;
                        below.Add(neighbor);
                    }
                }
            }

            var rows = neighbors.Gather(above);
            var columns = new int[rows.EntryCount];
            for (var entry = 0; entry < columns.Length; entry++)
            {
                columns[entry] = places[rows.Columns[entry]];
            }

            pools[layer] = new CsrMatrix(new SparseRows(rows.Offsets.ToArray(), columns, below.Count), rows.Values.ToArray());
            of[layer] = [.. Enumerable.Range(0, above.Length).Select(place => (long)place)]; // they are the first of those below
            Unmark(below);
            above = [.. below];
        }

        var known = features.Gather(above);
        return new PinSageSubgraph(new CsrMatrix(known, known.Values.ToArray()), pools, of);
    }

    private void Mark(int[] items)
    {
        for (var place = 0; place < items.Length; place++)
        {
            places[items[place]] = place;
        }
    }

    private void Unmark(List<int> items)
    {
        foreach (var item in items)
        {
            places[item] = -1;
        }
    }

    // The first of each row of the ranking, weights divided by their sum, or all alike.
    private SparseRows Nearest(PinSageOptions options)
    {
        var (offsets, columns, weights) = (new int[Ranking.RowCount + 1], new List<int>(), new List<float>());
        for (var item = 0; item < Ranking.RowCount; item++)
        {
            var count = Math.Min(options.Neighbors, Ranking.Length(item));
            var shares = Ranking.RowValues(item)[..count];
            var sum = 0f;
            foreach (var share in shares)
            {
                sum += share;
            }

            columns.AddRange(Ranking[item][..count]);
            for (var neighbor = 0; neighbor < count; neighbor++)
            {
                weights.Add(options.Pooling is NeighborPooling.Mean ? 1f / count : shares[neighbor] / sum);
            }

            offsets[item + 1] = columns.Count;
        }

        return new SparseRows(offsets, [.. columns], Ranking.ColumnCount, [.. weights]);
    }

    private static SparseRows WithDegrees(SparseRows of, SparseRows usersOfItems, bool withIds)
    {
        var most = MathF.Log(1 + Enumerable.Range(0, usersOfItems.RowCount).Select(usersOfItems.Length).DefaultIfEmpty(0).Max());
        var (offsets, columns, values) = (new int[of.RowCount + 1], new List<int>(), new List<float>());
        for (var item = 0; item < of.RowCount; item++)
        {
            columns.AddRange(of[item]);
            values.AddRange(of.HasValues ? of.RowValues(item).ToArray() : Enumerable.Repeat(1f, of.Length(item)));
            if (usersOfItems.Length(item) > 0)
            {
                columns.Add(of.ColumnCount);
                values.Add(MathF.Log(1 + usersOfItems.Length(item)) / most);
            }

            if (withIds)
            {
                columns.Add(of.ColumnCount + 1 + item);
                values.Add(1);
            }

            offsets[item + 1] = columns.Count;
        }

        return new SparseRows(offsets, [.. columns], of.ColumnCount + 1 + (withIds ? of.RowCount : 0), [.. values]);
    }
}
