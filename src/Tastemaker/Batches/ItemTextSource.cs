using Tastemaker.Data;
using Tastemaker.Inputs;
using static TorchSharp.torch;

namespace Tastemaker.Batches;

/// <summary>Items with their texts.</summary>
/// <typeparam name="TBlock">How the texts lie side by side.</typeparam>
internal sealed class ItemTextBatch<TBlock> : Batch
    where TBlock : ITextBlock, new()
{
    /// <summary>The items.</summary>
    public int[] ItemBuffer { get; set; } = [];

    /// <summary>The text of each.</summary>
    public TBlock Texts { get; } = new();

    /// <summary>The items [B], int32.</summary>
    public Tensor Items { get; private set; } = null!;

    /// <inheritdoc/>
    public override void Load(Device device)
    {
        Items = Ids(ItemBuffer, device);
        Texts.Load(device);
    }
}

/// <summary>Items with their texts, each once per epoch. Batches hold texts of like length and come in random order.</summary>
/// <typeparam name="TBlock">How the texts lie side by side.</typeparam>
/// <param name="texts">The texts of items.</param>
/// <param name="items">The items.</param>
/// <param name="batchSize">Items per batch.</param>
internal sealed class ItemTextSource<TBlock>(EntityTexts texts, int[] items, int batchSize) : IBatchSource<ItemTextBatch<TBlock>>
    where TBlock : ITextBlock, new()
{
    private readonly BatchPool<ItemTextBatch<TBlock>> pool = new(() => new ItemTextBatch<TBlock>());

    /// <inheritdoc/>
    public int BatchesAnEpoch => ShuffledBatches.Count(items.Length, batchSize);

    /// <inheritdoc/>
    public IEnumerable<ItemTextBatch<TBlock>> Epoch(SeededRandom random)
    {
        foreach (var some in ShuffledBatches.OfLikeLength(items, batchSize, texts.Rows.Length, random))
        {
            var batch = pool.Rent();
            (batch.Count, batch.ItemBuffer) = (some.Length, some.ToArray());
            batch.Texts.Fill(batch.Count, place => texts.Rows[batch.ItemBuffer[place]]);
            yield return batch;
        }
    }
}
