using Tastemaker.Batches;
using Tastemaker.Data;
using Tastemaker.Nn;
using Tastemaker.Solvers;
using static TorchSharp.torch;

namespace Tastemaker.Models.Graph;

/// <summary>The part of a graph that the vectors of some items depend on. A layer computes its nodes from the nodes below: the nodes of the layer before, or for the first layer those with features.</summary>
/// <param name="features">The features of the nodes below the first layer [nodes, columns].</param>
/// <param name="pools">For each layer, the weights of the neighbors of its nodes [nodes, nodes below].</param>
/// <param name="places">For each layer, the index of each of its nodes among the nodes below.</param>
internal sealed class PinSageSubgraph(CsrMatrix features, CsrMatrix[] pools, long[][] places) : IDisposable
{
    /// <summary>The features of the nodes below the first layer [nodes, columns].</summary>
    public CsrMatrix Features => features;

    /// <summary>For each layer, the weights of the neighbors of its nodes [nodes, nodes below].</summary>
    public IReadOnlyList<CsrMatrix> Pools => pools;

    /// <summary>For each layer, the index of each of its nodes among the nodes below [n], int64; empty before <see cref="Load"/>.</summary>
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

/// <summary>The neighbors of every item, found by random walks over a graph, with weights that add up to 1; and the features of every item: its own and the logarithm of its degree in the graph.</summary>
internal sealed class ItemNeighborhoods
{
    private readonly SparseRows features;
    private readonly SparseRows neighbors;
    private readonly int[] places; // of each item, its index among the nodes of Of, else -1; one thread at a time uses it

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

    /// <summary>A row per item: the items that walks from it visit, most visited first. Longer than <see cref="Neighbors"/>: hard negatives come from behind the neighbors.</summary>
    public SparseRows Ranking { get; }

    /// <summary>A row per item: its neighbors with their weights.</summary>
    public SparseRows Neighbors => neighbors;

    /// <summary>The subgraph of all items: the whole graph at each layer, without a copy.</summary>
    public PinSageSubgraph Whole(int layers)
    {
        long[] all = [.. Enumerable.Range(0, neighbors.RowCount).Select(item => (long)item)];
        return new PinSageSubgraph(new CsrMatrix(features), [.. Enumerable.Repeat(new CsrMatrix(neighbors), layers)], [.. Enumerable.Repeat(all, layers)]).Load(CPU);
    }

    /// <summary>The subgraph of some items: at each layer only the nodes that the layer above reads.</summary>
    /// <param name="items">The items, distinct.</param>
    /// <param name="layers">Number of layers.</param>
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

            pools[layer] = new CsrMatrix(new SparseRows(rows.Offsets.ToArray(), columns, below.Count, rows.Values.ToArray()));
            of[layer] = [.. Enumerable.Range(0, above.Length).Select(place => (long)place)]; // the nodes of a layer are the first of the nodes below
            Unmark(below);
            above = [.. below];
        }

        return new PinSageSubgraph(new CsrMatrix(features.Gather(above)), pools, of);
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

    // The first items of each row of the ranking. Weights are visits divided by their sum, or equal.
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
