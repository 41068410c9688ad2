using System.Runtime.InteropServices;
using Tastemaker.Batches.Sampling;
using Tastemaker.Data;
using static TorchSharp.torch;

namespace Tastemaker.Batches;

/// <summary>Sequences of items, padded on the left to one length, with the item that a model learns at each place.</summary>
public sealed class SequenceBatch : Batch
{
    internal List<int> ItemBuffer { get; } = [];

    internal List<long> PlaceBuffer { get; } = [];

    internal List<int> TargetBuffer { get; } = [];

    internal List<int> NegativeBuffer { get; } = [];

    internal List<bool> PaddingBuffer { get; } = [];

    internal List<int> UserBuffer { get; } = [];

    /// <summary>L: items of the longest sequence.</summary>
    public int Length { get; set; }

    /// <summary>Items [B, L], oldest first, int32; 0 where <see cref="IsPadding"/>.</summary>
    public Tensor Items { get; private set; } = null!;

    /// <summary>Whether a place is padding [B, L].</summary>
    public Tensor IsPadding { get; private set; } = null!;

    /// <summary>The user of each sequence [B], int32; empty where the batch does not name users.</summary>
    public Tensor Users { get; private set; } = null!;

    /// <summary>The places that have a target [P], int64: indexes into [B, L] flattened. None is padding.</summary>
    public Tensor Places { get; private set; } = null!;

    /// <summary>The item to learn at each of these places [P], int32: the next item, or another that the source chooses.</summary>
    public Tensor Targets { get; private set; } = null!;

    /// <summary>Sampled negatives, int32: one per place that its user does not have in training, or some that all places share.</summary>
    public Tensor Negatives { get; private set; } = null!;

    /// <inheritdoc/>
    public override void Load(Device device)
    {
        Items = Ids(CollectionsMarshal.AsSpan(ItemBuffer), device).view(Count, Length);
        Users = Ids(CollectionsMarshal.AsSpan(UserBuffer), device);
        IsPadding = tensor(PaddingBuffer.ToArray(), device: device).view(Count, Length);
        Places = tensor(PlaceBuffer.ToArray(), device: device);
        Targets = Ids(CollectionsMarshal.AsSpan(TargetBuffer), device);
        Negatives = Ids(CollectionsMarshal.AsSpan(NegativeBuffer), device);
    }

    /// <summary>The items of a row.</summary>
    internal delegate ReadOnlySpan<int> SequenceOfRow(int row);

    /// <summary>Fills the inputs from sequences; L is the length of the longest. <see cref="PlaceBuffer"/> gets the places that are not padding.</summary>
    /// <param name="count">Number of sequences.</param>
    /// <param name="sequence">The items of each sequence, oldest first.</param>
    internal void Fill(int count, SequenceOfRow sequence)
    {
        var length = 0;
        for (var row = 0; row < count; row++)
        {
            length = Math.Max(length, sequence(row).Length);
        }

        (Count, Length) = (count, length);
        ItemBuffer.Clear();
        PlaceBuffer.Clear();
        PaddingBuffer.Clear();
        UserBuffer.Clear();
        for (var row = 0; row < count; row++)
        {
            var items = sequence(row);
            for (var place = 0; place < length; place++)
            {
                var isPadding = place < length - items.Length;
                ItemBuffer.Add(isPadding ? 0 : items[place - length + items.Length]);
                PaddingBuffer.Add(isPadding);
                if (!isPadding)
                {
                    PlaceBuffer.Add((row * (long)length) + place);
                }
            }
        }
    }
}

/// <summary>
/// The histories of users as sequences: a model learns the next item at all places of a sequence in one pass (Kang and McAuley 2018, section III). An epoch visits each user with at least two items
/// once. A batch holds sequences of similar length, so that it has little padding; batches come in random order.
/// </summary>
public sealed class SequenceSource : IBatchSource<SequenceBatch>
{
    private readonly TrainingSet train;
    private readonly int batchSize;
    private readonly int length;
    private readonly int shared;
    private readonly int[] users;
    private readonly int[] items;
    private readonly NegativeSampler sampler;
    private readonly BatchPool<SequenceBatch> pool = new(() => new SequenceBatch());

    /// <summary>Batches of a training set.</summary>
    /// <param name="train">Users' items in order of time.</param>
    /// <param name="batchSize">Users per batch.</param>
    /// <param name="length">Most items of a sequence; of longer histories the newest are used.</param>
    /// <param name="shared">Number of negatives that all places of a batch share, drawn uniformly from the items of the training set; 0 for none. Null for one negative per place, which its user does not have.</param>
    public SequenceSource(TrainingSet train, int batchSize, int length, int? shared)
    {
        (this.train, this.batchSize, this.length, this.shared) = (train, batchSize, length, shared ?? -1);
        users = [.. Enumerable.Range(0, train.UserCount).Where(user => train.ByUser.Length(user) > 1)];
        items = [.. train.Seen.Columns.ToArray().Distinct().Order()];
        sampler = new NegativeSampler(train, onlyMet: true);
    }

    /// <summary>Whether the target of every place is the last item of its user instead of the next item.</summary>
    internal bool TellsLast { get; init; }

    /// <inheritdoc/>
    public int BatchesAnEpoch => ShuffledBatches.Count(users.Length, batchSize);

    /// <inheritdoc/>
    public IEnumerable<SequenceBatch> Epoch(SeededRandom random)
    {
        foreach (var some in ShuffledBatches.OfLikeLength(users, batchSize, Inputs, random))
        {
            var batch = pool.Rent();
            Fill(batch, some, random);
            yield return batch;
        }
    }

    private int Inputs(int user) => Math.Min(length, train.ByUser.Length(user) - 1);

    private void Fill(SequenceBatch batch, ReadOnlyMemory<int> chosen, SeededRandom random)
    {
        batch.Fill(chosen.Length, row => train.ByUser[chosen.Span[row]][..^1][^Inputs(chosen.Span[row])..]);
        foreach (var user in chosen.Span)
        {
            batch.UserBuffer.Add(user);
        }

        batch.TargetBuffer.Clear();
        batch.NegativeBuffer.Clear();
        foreach (var user in chosen.Span)
        {
            foreach (var target in train.ByUser[user][^Inputs(user)..])
            {
                batch.TargetBuffer.Add(TellsLast ? train.ByUser[user][^1] : target);
                if (shared < 0)
                {
                    // A user who has every item gets any item as a negative.
                    batch.NegativeBuffer.Add(sampler.TryDraw(user, random, out var item) ? item : items[random.Next(items.Length)]);
                }
            }
        }

        for (var draw = 0; draw < shared; draw++)
        {
            batch.NegativeBuffer.Add(items[random.Next(items.Length)]);
        }
    }
}
