using System.Runtime.InteropServices;
using Tastemaker.Batches;
using Tastemaker.Data;
using static TorchSharp.torch;

namespace Tastemaker.Models.Graph;

/// <summary>A training set divided by users: the histories of some give pairs of related items, the items of the others are edges of the graph. No user gives both.</summary>
/// <param name="Graph">A row per user: the items of a user who gives edges; empty for a user who gives pairs.</param>
/// <param name="Histories">A row per user who gives pairs: its items, in order of time where times are known.</param>
/// <param name="IsOrdered">Whether <paramref name="Histories"/> are in order of time.</param>
/// <param name="Related">A row per item: the items that <paramref name="Histories"/> relate to it, ascending.</param>
internal sealed record RelatedPairs(SparseRows Graph, SparseRows Histories, bool IsOrdered, SparseRows Related)
{
    /// <summary>Divides the users of a training set at random.</summary>
    /// <param name="train">The data.</param>
    /// <param name="share">Fraction of the users with at least two items who give pairs; at least one user does, and at least one gives edges. A single such user gives edges.</param>
    /// <param name="seed">Seed.</param>
    public static RelatedPairs Of(TrainingSet train, double share, ulong seed)
    {
        int[] users = [.. Enumerable.Range(0, train.UserCount).Where(user => train.Seen.Length(user) > 1)];
        new SeededRandom(seed, 17).Shuffle<int>(users);
        var gives = users[..Math.Min(Math.Max(1, (int)(share * users.Length)), Math.Max(0, users.Length - 1))].ToHashSet();
        var graph = train.Seen.Gather([.. Enumerable.Range(0, train.UserCount).Select(user => gives.Contains(user) ? -1 : user)]);
        var isOrdered = train.Interactions.HasTimes || train.Data.IsOrdered;
        var histories = (isOrdered ? train.ByUser : train.Seen).Gather([.. gives.Order()]);
        return new RelatedPairs(graph, histories, isOrdered, RelatedOf(histories, isOrdered));
    }

    /// <summary>The pairs of an epoch: successive items of a history that differ. A history without a known order is shuffled first.</summary>
    public List<(int Query, int Related)> Pairs(SeededRandom random)
    {
        List<(int, int)> pairs = [];
        for (var user = 0; user < Histories.RowCount; user++)
        {
            var items = Histories[user].ToArray();
            if (!IsOrdered)
            {
                random.Shuffle<int>(items);
            }

            for (var place = 1; place < items.Length; place++)
            {
                if (items[place - 1] != items[place])
                {
                    pairs.Add((items[place - 1], items[place]));
                }
            }
        }

        return pairs;
    }

    /// <summary>The items that directly follow each item in a history; without a known order, all items that share a history with it.</summary>
    public static SparseRows RelatedOf(SparseRows histories, bool isOrdered)
    {
        var related = new SortedSet<int>[histories.ColumnCount];
        for (var user = 0; user < histories.RowCount; user++)
        {
            var items = histories[user];
            for (var place = 0; place < items.Length; place++)
            {
                for (var other = isOrdered ? place + 1 : 0; other < (isOrdered ? Math.Min(place + 2, items.Length) : items.Length); other++)
                {
                    (related[items[place]] ??= []).Add(items[other]);
                }
            }
        }

        return SparseRows.FromRows([.. related.Select(of => (IReadOnlyList<int>)(of is null ? [] : [.. of]))], histories.ColumnCount);
    }
}

/// <summary>Pairs of related items with their negatives, and the subgraph of all of these.</summary>
internal sealed class PinSageBatch : Batch
{
    public List<long> QueryBuffer { get; } = [];

    public List<long> RelatedBuffer { get; } = [];

    public List<long> SharedBuffer { get; } = [];

    public List<float> NegativeBuffer { get; } = [];

    public List<long> HardBuffer { get; } = [];

    public List<float> HardMaskBuffer { get; } = [];

    /// <summary>The items of the batch, distinct; all indexes below are into this list.</summary>
    public IReadOnlyList<int> Items { get; set; } = [];

    /// <summary>The subgraph of <see cref="Items"/>.</summary>
    public PinSageSubgraph Subgraph { get; set; } = null!;

    /// <summary>The first item q of each pair [B], int64.</summary>
    public Tensor Queries { get; private set; } = null!;

    /// <summary>The second item i of each pair [B], int64.</summary>
    public Tensor Related { get; private set; } = null!;

    /// <summary>Negatives that all pairs share [S], int64.</summary>
    public Tensor Shared { get; private set; } = null!;

    /// <summary>1 where a shared negative is unrelated to the first item of a pair, 0 where it is related [B, S].</summary>
    public Tensor IsNegative { get; private set; } = null!;

    /// <summary>Hard negatives of each pair [B, h], int64.</summary>
    public Tensor Hard { get; private set; } = null!;

    /// <summary>1 where a hard negative is unrelated to the first item of its pair, else 0 [B, h].</summary>
    public Tensor IsHard { get; private set; } = null!;

    /// <inheritdoc/>
    public override void Load(Device device)
    {
        (Queries, Related, Shared) = (tensor(QueryBuffer.ToArray(), device: device), tensor(RelatedBuffer.ToArray(), device: device), tensor(SharedBuffer.ToArray(), device: device));
        IsNegative = Floats(CollectionsMarshal.AsSpan(NegativeBuffer), device).view(Count, SharedBuffer.Count);
        Hard = tensor(HardBuffer.ToArray(), device: device).view(Count, HardBuffer.Count / Count);
        IsHard = Floats(CollectionsMarshal.AsSpan(HardMaskBuffer), device).view(Count, HardBuffer.Count / Count);
        Subgraph.Load(device);
    }
}

/// <summary>The pairs of an epoch in random order. The worker thread that fills a batch also builds its subgraph, while the training thread runs the previous step (section 3.3 of the paper).</summary>
/// <param name="graph">The neighborhoods.</param>
/// <param name="labels">The pairs.</param>
/// <param name="options">Negatives, batch size, layers.</param>
internal sealed class PinSageSource(ItemNeighborhoods graph, RelatedPairs labels, PinSageOptions options) : IBatchSource<PinSageBatch>
{
    /// <summary>Number of epochs done. A pair has as many hard negatives, up to the limit of the options (the paper's curriculum).</summary>
    public int Epochs { get; set; }

    /// <summary>Number of pairs of an epoch.</summary>
    public int PairCount { get; } = labels.Pairs(new SeededRandom(0)).Count;

    /// <inheritdoc/>
    public int BatchesAnEpoch => ShuffledBatches.Count(PairCount, options.ExamplesPerUpdate);

    /// <inheritdoc/>
    public IEnumerable<PinSageBatch> Epoch(SeededRandom random)
    {
        var pairs = labels.Pairs(random);
        random.Shuffle(CollectionsMarshal.AsSpan(pairs));
        var hard = Math.Min(options.HardNegatives, Epochs);
        foreach (var some in pairs.Chunk(options.ExamplesPerUpdate))
        {
            yield return Batch(some, hard, random);
        }
    }

    private PinSageBatch Batch((int Query, int Related)[] pairs, int hard, SeededRandom random)
    {
        var batch = new PinSageBatch { Count = pairs.Length };
        var (numbers, items) = (new Dictionary<int, long>(), new List<int>());
        long Number(int item)
        {
            if (!numbers.TryGetValue(item, out var number))
            {
                numbers[item] = number = items.Count;
                items.Add(item);
            }

            return number;
        }

        int[] shared = [.. Enumerable.Range(0, options.SharedNegatives).Select(_ => random.Next(graph.Ranking.RowCount))];
        batch.SharedBuffer.AddRange(shared.Select(Number));
        foreach (var (query, related) in pairs)
        {
            batch.QueryBuffer.Add(Number(query));
            batch.RelatedBuffer.Add(Number(related));
            batch.NegativeBuffer.AddRange(shared.Select(item => IsRelated(query, item) ? 0f : 1f));
            AddHard(batch, query, hard, random, Number);
        }

        var subgraph = graph.Of([.. items], options.Layers);
        (batch.Items, batch.Subgraph) = (items, subgraph);
        batch.Return = _ => subgraph.Dispose();
        return batch;
    }

    private void AddHard(PinSageBatch batch, int query, int count, SeededRandom random, Func<int, long> number)
    {
        var ranking = graph.Ranking[query];
        var first = Math.Max(options.Neighbors, (int)(options.HardFrom * graph.Ranking.RowCount));
        for (var negative = 0; negative < count; negative++)
        {
            var item = ranking.Length > first ? ranking[first + random.Next(ranking.Length - first)] : query;
            batch.HardBuffer.Add(number(item));
            batch.HardMaskBuffer.Add(IsRelated(query, item) ? 0 : 1);
        }
    }

    private bool IsRelated(int query, int item) => item == query || labels.Related.SortedRowContains(query, item);
}
