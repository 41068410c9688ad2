using System.Runtime.InteropServices;
using Tastemaker.Data;
using Tastemaker.Inputs;
using static TorchSharp.torch;

namespace Tastemaker.Batches;

/// <summary>Documents that are sets of texts: the distinct texts of all of them in blocks of like length, and which of these each document holds.</summary>
internal sealed class DocumentBuffer
{
    private const int BlockWords = 1 << 15; // padded words of a block at most

    private readonly List<(int Rows, int[] Words)> blocks = [];
    private long[] places = [];
    private int width;
    private int count;

    /// <summary>The texts in blocks: words [texts, length], int32, 0 at the end where a text is shorter.</summary>
    public IReadOnlyList<Tensor> Blocks { get; private set; } = [];

    /// <summary>The texts of each document [documents, most], int64, counted through all blocks; where a document has fewer, the number after the last text.</summary>
    public Tensor Places { get; private set; } = null!;

    /// <summary>Gathers documents.</summary>
    /// <param name="texts">All texts.</param>
    /// <param name="documents">A row per owner: the texts of the owner's document.</param>
    /// <param name="owners">Whose documents are wanted.</param>
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

        int[] distinct = [.. chosen.SelectMany(of => of).Distinct().OrderBy(texts.Length).ThenBy(text => text)];
        var numbers = new Dictionary<int, int>(distinct.Length);
        foreach (var text in distinct)
        {
            numbers[text] = numbers.Count;
        }

        (count, width) = (owners.Length, Math.Max(1, chosen.Max(of => of.Count)));
        places = new long[count * width];
        Array.Fill(places, distinct.Length);
        for (var place = 0; place < count; place++)
        {
            for (var text = 0; text < chosen[place].Count; text++)
            {
                places[(place * width) + text] = numbers[chosen[place][text]];
            }
        }

        Cut(texts, distinct);
    }

    /// <summary>Makes the tensors on a device.</summary>
    public void Load(Device device)
    {
        Blocks = [.. blocks.Select(block => tensor(block.Words, [block.Rows, block.Words.Length / block.Rows], device: device))];
        Places = tensor(places, [count, width], device: device);
    }

    // Texts ascend by length, so a block is as wide as its last text.
    private void Cut(SparseRows texts, int[] distinct)
    {
        blocks.Clear();
        for (var first = 0; first < distinct.Length;)
        {
            var end = first + 1;
            while (end < distinct.Length && (end + 1 - first) * texts.Length(distinct[end]) <= BlockWords)
            {
                end++;
            }

            var length = texts.Length(distinct[end - 1]);
            var words = new int[(end - first) * length];
            for (var row = first; row < end; row++)
            {
                texts[distinct[row]].CopyTo(words.AsSpan((row - first) * length));
            }

            blocks.Add((end - first, words));
            first = end;
        }
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

    /// <inheritdoc/>
    public int BatchesAnEpoch => (train.Interactions.Count + batchSize - 1) / batchSize;

    /// <inheritdoc/>
    public IEnumerable<ReviewBatch> Epoch(SeededRandom random)
    {
        int[] order = [.. Enumerable.Range(0, train.Interactions.Count)];
        random.Shuffle<int>(order);
        foreach (var rows in order.Chunk(batchSize))
        {
            var batch = pool.Rent();
            Fill(batch, rows);
            yield return batch;
        }
    }

    private void Fill(ReviewBatch batch, int[] rows)
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
