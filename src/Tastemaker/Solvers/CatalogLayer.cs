using Tastemaker.Native;
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

    /// <summary>Writes the vectors of some items, each with its bias as one more number where there are biases.</summary>
    /// <param name="weight">Vectors [items, dimension].</param>
    /// <param name="bias">One number an item [items] or [items, 1]; null for none.</param>
    /// <param name="first">The first item.</param>
    /// <param name="vectors">Receives [count, dimension or one more]; its length says how many.</param>
    public static void Write(Tensor weight, Tensor? bias, int first, Span<float> vectors)
    {
        using var scope = NewDisposeScope();
        var count = vectors.Length / ((int)weight.shape[1] + (bias is null ? 0 : 1));
        var rows = weight.narrow(0, first, count);
        var both = bias is null ? rows : cat([rows, bias.narrow(0, first, count).reshape(-1, 1)], 1);
        both.CopyValues<float>(vectors);
    }

    /// <summary>Writes vectors of requests [requests, dimension], each with 1 beside it for the items' biases.</summary>
    public static void WriteWithOnes(ReadOnlySpan<float> queries, int dimension, Span<float> vectors)
    {
        for (var row = 0; row < queries.Length / dimension; row++)
        {
            var vector = vectors.Slice(row * (dimension + 1), dimension + 1);
            queries.Slice(row * dimension, dimension).CopyTo(vector);
            vector[dimension] = 1;
        }
    }

    /// <summary>The scores of some requests, part by part.</summary>
    /// <param name="queries">A vector a request [requests, dimension].</param>
    /// <param name="offsets">A number a request that its scores have in common.</param>
    public IPartialScores Begin(float[] queries, float[] offsets) => new CatalogProducts(packed.Value, queries, offsets);

    private static Lazy<PackedRows> Packing(Func<Tensor> vectors, Func<Tensor>? biases) => new(() =>
    {
        using var scope = NewDisposeScope();
        var table = vectors();
        return new PackedRows(table.ToValues<float>(), (int)table.shape[1], biases is null ? [] : biases().ToValues<float>());
    });
}
