using Tastemaker.Batches;
using Tastemaker.Models.Attention;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Tastemaker.Bench.Measuring.Plain;

/// <summary>SASRec of torch's own embeddings, multi-head attention, layer normalization and linear layers, cross-entropy over all items, and dense Adam.</summary>
internal sealed class PlainSasRec : PlainLoop
{
    private readonly SasRecOptions options;
    private readonly Tensor items; // [B, L]
    private readonly Tensor isItem; // [B, L, 1]
    private readonly Tensor later; // [L, L]
    private readonly Tensor places;
    private readonly Tensor targets;
    private readonly Embedding table;
    private readonly Embedding positions;
    private readonly (LayerNorm Before, MultiheadAttention Attention, LayerNorm Between, Linear Inner, Linear Outer)[] blocks;
    private readonly LayerNorm norm;

    public PlainSasRec(SasRecOptions options, int itemCount, SequenceBatch batch)
    {
        this.options = options;
        var d = options.Dimension;
        items = tensor(batch.ItemBuffer.ToArray(), ScalarType.Int64).view(batch.Count, batch.Length);
        isItem = tensor(batch.PaddingBuffer.ToArray()).logical_not().view(batch.Count, batch.Length, 1);
        later = ones(batch.Length, batch.Length, ScalarType.Bool).triu(1);
        (places, targets) = (tensor(batch.PlaceBuffer.ToArray()), tensor(batch.TargetBuffer.ToArray(), ScalarType.Int64));
        (table, positions, norm) = (nn.Embedding(itemCount, d), nn.Embedding(options.MaxLength, d), nn.LayerNorm(d));
        blocks = [.. Enumerable.Range(0, options.Blocks).Select(_ => (nn.LayerNorm(d), nn.MultiheadAttention(d, options.Heads, options.Dropout), nn.LayerNorm(d), nn.Linear(d, d), nn.Linear(d, d)))];
    }

    protected override IEnumerable<Parameter> Parameters =>
    [
        .. table.parameters(), .. positions.parameters(), .. norm.parameters(),
        .. blocks.SelectMany(block => (nn.Module[])[block.Before, block.Attention, block.Between, block.Inner, block.Outer]).SelectMany(module => module.parameters()),
    ];

    protected override IEnumerable<Tensor> Batch => [items, isItem, later, places, targets];

    protected override Tensor Loss()
    {
        var counted = arange(options.MaxLength - items.shape[1], options.MaxLength, ScalarType.Int64);
        var x = Dropped((table.call(items) * Math.Sqrt(options.Dimension)) + positions.call(counted)) * isItem;
        foreach (var (before, attention, between, inner, outer) in blocks)
        {
            var normed = before.call(x).transpose(0, 1); // [L, B, d]
            x += Dropped(attention.call(normed, normed, normed, null, false, later).Item1.transpose(0, 1));
            x = (x + Dropped(outer.call(Dropped(inner.call(between.call(x)).relu())))) * isItem;
        }

        var states = norm.call(x).reshape(-1, options.Dimension).index_select(0, places);
        return nn.functional.cross_entropy(states.matmul(table.weight!.t()), targets);
    }

    private Tensor Dropped(Tensor x) => nn.functional.dropout(x, options.Dropout, true);
}
