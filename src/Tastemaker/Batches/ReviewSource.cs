using System.Runtime.InteropServices;
using Tastemaker.Data;
using Tastemaker.Inputs;
using static TorchSharp.torch;

namespace Tastemaker.Batches;

/// <summary>Documents that are sets of texts: all distinct texts, and which of them each document holds.</summary>
internal sealed class DocumentBuffer
{
    private readonly Dictionary<int, int> numbers = [];
    private long[] places = [];
    private int width;
    private int count;

    /// <summary>The texts of all documents, each once.</summary>
    public CompactTexts Texts { get; } = new();

    /// <summary>The texts of each document [documents, most], int64; where a document has fewer, the number after the last text.</summary>
    public Tensor Places { get; private set; } = null!;

    /// <summary>Gathers documents.</summary>
    /// <param name="texts">All texts.</param>
    /// <param name="documents">A row per owner: the texts of the owner's document.</param>
    /// <param name="owners">Whose documents are wanted; -1 for an empty one.</param>
    /// <param name="isLeftOut">Whether the document at a place goes without a text; null for none.</param>
    public void Fill(SparseRows texts, SparseRows documents, ReadOnlySpan<int> owners, Func<int, int, bool>? isLeftOut)
    {
        var chosen = new List<int>[owners.Length];
        for (var place = 0; place < owners.Length; place++)
        {
            chosen[place] = [];
            foreach (var text in owners[place] >= 0 ? documents[owners[place]] : [])
            {
                if (isLeftOut?.Invoke(place, text) != true)
                {
                    chosen[place].Add(text);
                }
            }
        }

        numbers.Clear();
        List<int> order = [];
        (count, width) = (owners.Length, Math.Max(1, chosen.Max(of => of.Count)));
        places = new long[count * width];
        for (var place = 0; place < count; place++)
        {
            for (var text = 0; text < width; text++)
            {
                places[(place * width) + text] = text < chosen[place].Count ? Number(chosen[place][text], order) : -1;
            }
        }

        places.AsSpan().Replace(-1, order.Count);
        Texts.Fill(order.Count, text => texts[order[text]]);
    }

    /// <summary>Makes the tensors on a device.</summary>
    public void Load(Device device)
    {
        Texts.Load(device);
        Places = tensor(places, [count, width], device: device);
    }

    private int Number(int one, List<int> order)
    {
        if (!numbers.TryGetValue(one, out var number))
        {
            numbers[one] = number = order.Count;
            order.Add(one);
        }

        return number;
    }
}

/// <summary>Rated pairs beside the documents of their users and items.</summary>
internal sealed class ReviewBatch : Batch
{
    public List<float> RatingBuffer { get; } = [];

    /// <summary>What the users of the pairs wrote.</summary>
    public DocumentBuffer OfUsers { get; } = new();

    /// <summary>What was written about the items of the pairs.</summary>
    public DocumentBuffer OfItems { get; } = new();

    /// <summary>The ratings [B].</summary>
    public Tensor Ratings { get; private set; } = null!;

    /// <inheritdoc/>
    public override void Load(Device device)
    {
        Ratings = Floats(CollectionsMarshal.AsSpan(RatingBuffer), device);
        OfUsers.Load(device);
        OfItems.Load(device);
    }
}

/// <summary>The rated pairs of a training set, shuffled every epoch, with their documents.</summary>
/// <param name="train">The pairs.</param>
/// <param name="texts">The texts.</param>
/// <param name="batchSize">Pairs per batch.</param>
/// <param name="leavesTargetOut">Whether the documents of a pair go without what its user wrote about its item.</param>
internal sealed class ReviewSource(TrainingSet train, ReviewTexts texts, int batchSize, bool leavesTargetOut) : IBatchSource<ReviewBatch>
{
    private readonly BatchPool<ReviewBatch> pool = new(() => new ReviewBatch());
    private readonly int[] order = new int[train.Interactions.Count];

    /// <inheritdoc/>
    public int BatchesAnEpoch => ShuffledBatches.Count(order.Length, batchSize);

    /// <inheritdoc/>
    public IEnumerable<ReviewBatch> Epoch(SeededRandom random)
    {
        ShuffledBatches.Shuffle(order, random);
        return ShuffledBatches.Of<ReviewBatch, int>(order, batchSize, pool, Fill);
    }

    private void Fill(ReviewBatch batch, ReadOnlySpan<int> rows)
    {
        var pairs = train.Interactions.Select(rows);
        var (users, items) = (pairs.Users.ToArray(), pairs.Items.ToArray());
        batch.Count = rows.Length;
        batch.RatingBuffer.Clear();
        batch.RatingBuffer.AddRange(pairs.Values);
        batch.OfUsers.Fill(texts.Texts, texts.OfUsers, users, leavesTargetOut ? (pair, text) => texts.Items[text] == items[pair] : null);
        batch.OfItems.Fill(texts.Texts, texts.OfItems, items, leavesTargetOut ? (pair, text) => texts.Users[text] == users[pair] : null);
    }
}
