using Tastemaker.Recommending;
using static TorchSharp.torch;

namespace Tastemaker.Solvers;

/// <summary>
/// The last layer of networks that score by inner products with a vector an item. Packs the items' vectors when it is first asked and keeps them
/// until told that they change. For weights in the processor's memory.
/// </summary>
/// <param name="vectors">Gives the vectors [items, dimension].</param>
/// <param name="biases">Gives one number an item; null for none.</param>
internal sealed class CatalogLayer(Func<Tensor> vectors, Func<Tensor>? biases = null)
{
    private Lazy<PackedRows> packed = Packing(vectors, biases);

    /// <summary>Forgets the packed vectors: the weights may change, or have changed.</summary>
    public void Forget() => packed = Packing(vectors, biases);

    /// <summary>The scores of some requests, part by part.</summary>
    /// <param name="queries">A vector a request [requests, dimension].</param>
    /// <param name="offset">A number that all scores have in common.</param>
    public IPartialScores Begin(float[] queries, float offset = 0)
    {
        var offsets = new float[queries.Length / packed.Value.Dimension];
        offsets.AsSpan().Fill(offset);
        return new CatalogProducts(packed.Value, queries, offsets);
    }

    /// <summary>The scores of some requests, part by part.</summary>
    /// <param name="queries">A vector a request [requests, dimension].</param>
    /// <param name="offsets">A number a request that its scores have in common.</param>
    public IPartialScores Begin(float[] queries, float[] offsets) => new CatalogProducts(packed.Value, queries, offsets);

    private static Lazy<PackedRows> Packing(Func<Tensor> vectors, Func<Tensor>? biases) => new(() =>
    {
        using var scope = NewDisposeScope();
        var table = vectors();
        return new PackedRows(table.contiguous().data<float>().ToArray(), (int)table.shape[1], biases is null ? [] : biases().contiguous().data<float>().ToArray());
    });
}
