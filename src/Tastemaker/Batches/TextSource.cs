using Tastemaker.Data;
using Tastemaker.Inputs;
using static TorchSharp.torch;

namespace Tastemaker.Batches;

/// <summary>Texts side by side as word indexes, padded on the right to the length of the longest.</summary>
internal sealed class PaddedTexts : ITextBlock
{
    private int[] words = [];
    private bool[] padding = [];

    /// <summary>B: number of texts.</summary>
    public int Count { get; private set; }

    /// <summary>L: words of the longest text, at least 1.</summary>
    public int Length { get; private set; }

    /// <summary>Word indexes [B, L], int32; 0 where <see cref="IsPadding"/>.</summary>
    public Tensor Words { get; private set; } = null!;

    /// <summary>Whether a place is padding [B, L].</summary>
    public Tensor IsPadding { get; private set; } = null!;

    /// <summary>1 for words and 0 for padding [B, L], float32.</summary>
    public Tensor IsWord { get; private set; } = null!;

    /// <summary>The words of a text.</summary>
    public delegate ReadOnlySpan<int> TextOfPlace(int place);

    /// <inheritdoc/>
    public void Fill(int count, TextOfPlace text)
    {
        var length = 1;
        for (var place = 0; place < count; place++)
        {
            length = Math.Max(length, text(place).Length);
        }

        (Count, Length) = (count, length);
        (words, padding) = (new int[count * length], new bool[count * length]);
        for (var place = 0; place < count; place++)
        {
            var own = text(place);
            own.CopyTo(words.AsSpan(place * length));
            padding.AsSpan((place * length) + own.Length, length - own.Length).Fill(true);
        }
    }

    /// <inheritdoc/>
    public void Load(Device device)
    {
        Words = tensor(words, [Count, Length], device: device);
        IsPadding = tensor(padding, [Count, Length], device: device);
        IsWord = IsPadding.logical_not().to(float32);
    }

    /// <summary>What lies beside the words [B, L, d], with the places of each text in reverse order; what lies beside padding stays where it is. Reversing twice changes nothing.</summary>
    public Tensor Reversed(Tensor beside)
    {
        var place = arange(Length, device: beside.device).unsqueeze(0); // [1, L]
        var last = IsWord.sum(1, keepdim: true).to(int64) - 1; // [B, 1]
        var mirror = where(IsPadding, place, last - place) + (arange(Count, device: beside.device).unsqueeze(1) * Length); // [B, L]
        return beside.reshape((long)Count * Length, -1).index_select(0, mirror.flatten()).view(beside.shape);
    }

    /// <summary>The mean over the words of each text of what lies beside them: [B, L, d] to [B, d]; zeros for a text without words.</summary>
    public Tensor Mean(Tensor beside) => (beside * IsWord.unsqueeze(2)).sum(1) / IsWord.sum(1, keepdim: true).clamp_min(1);

    /// <summary>Reads the texts of requests in blocks: the vectors that <paramref name="read"/> gives of each block [B, d], one after the other.</summary>
    public static Tensor Read(EntityTexts texts, RequestBatch requests, int atOnce, Device device, Func<PaddedTexts, Tensor> read) => ITextBlock.Read(texts, requests, atOnce, device, read);

    /// <summary>Reads many texts in blocks: the vectors that <paramref name="read"/> gives of each block [B, d], one after the other.</summary>
    /// <param name="count">Number of texts.</param>
    /// <param name="text">The word indexes of each.</param>
    /// <param name="atOnce">Texts per block.</param>
    /// <param name="device">Where the model lies.</param>
    /// <param name="read">Encodes a block.</param>
    public static Tensor Read(int count, TextOfPlace text, int atOnce, Device device, Func<PaddedTexts, Tensor> read) => ITextBlock.Read(count, text, atOnce, device, read);
}

/// <summary>Pairs of user and item beside the text of one of them.</summary>
internal sealed class TextBatch : Batch
{
    /// <summary>The users of the pairs.</summary>
    public int[] UserBuffer { get; set; } = [];

    /// <summary>The items of the pairs.</summary>
    public int[] ItemBuffer { get; set; } = [];

    /// <summary>The text of each pair; without any where texts are dialogues.</summary>
    public PaddedTexts Texts { get; } = new();

    /// <summary>The dialogue of each pair, where texts are dialogues.</summary>
    public PaddedDialogues Dialogues { get; } = new();

    /// <summary>The items of the pairs [B], int32.</summary>
    public Tensor Items { get; private set; } = null!;

    /// <inheritdoc/>
    public override void Load(Device device)
    {
        Items = Ids(ItemBuffer, device);
        if (Dialogues.Count > 0)
        {
            Dialogues.Load(device);
        }
        else
        {
            Texts.Load(device);
        }
    }
}

/// <summary>
/// The pairs of a training set with the text of the user or of the item, each pair once per epoch. Batches hold texts of like length and come in random order. Pairs whose text has no known word are left out.
/// </summary>
/// <param name="train">The pairs.</param>
/// <param name="texts">The texts of users, or of items.</param>
/// <param name="batchSize">Pairs per batch.</param>
internal sealed class TextSource(TrainingSet train, EntityTexts texts, int batchSize) : IBatchSource<TextBatch>
{
    private readonly BatchPool<TextBatch> pool = new(() => new TextBatch());
    private readonly Interactions pairs = train.Data.TakenUp(); // of labelled data, those with label 1
    private readonly int[] rows = [.. WithText(train.Data.TakenUp(), texts)];

    /// <inheritdoc/>
    public int BatchesAnEpoch => ShuffledBatches.Count(rows.Length, batchSize);

    /// <inheritdoc/>
    public IEnumerable<TextBatch> Epoch(SeededRandom random)
    {
        foreach (var some in ShuffledBatches.OfLikeLength(rows, batchSize, row => texts.Rows.Length(Owner(pairs, texts, row)), random))
        {
            var batch = pool.Rent();
            batch.Count = some.Length;
            var chosen = some.ToArray();
            batch.UserBuffer = Array.ConvertAll(chosen, row => pairs.Users[row]);
            batch.ItemBuffer = Array.ConvertAll(chosen, row => pairs.Items[row]);
            ITextBlock block = texts.Turns is null ? batch.Texts : batch.Dialogues;
            block.Fill(batch.Count, place => texts.Rows[Owner(pairs, texts, chosen[place])]);
            yield return batch;
        }
    }

    private static IEnumerable<int> WithText(Interactions pairs, EntityTexts texts) => Enumerable.Range(0, pairs.Count).Where(row => texts.Rows.Length(Owner(pairs, texts, row)) > 0);

    private static int Owner(Interactions pairs, EntityTexts texts, int row) => texts.Side is Features.FieldSource.User ? pairs.Users[row] : pairs.Items[row];
}
