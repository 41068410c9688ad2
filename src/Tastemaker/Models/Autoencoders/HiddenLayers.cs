using Tastemaker.Data;
using Tastemaker.Native;
using Tastemaker.Nn;
using Tastemaker.Recommending;
using Tastemaker.Scoring;
using Tastemaker.Solvers;
using TorchSharp;
using static TorchSharp.torch;

namespace Tastemaker.Models.Autoencoders;

/// <summary>
/// The layers of an autoencoder before the last, for scoring on the CPU: rows of clicks in, hidden vectors out, with tanh after some. A request has
/// the same vector alone and in a batch, and threads share the requests, not the layers.
/// </summary>
/// <param name="first">Weights of the first layer [items, W] and biases [W].</param>
/// <param name="firstActivates">Whether tanh follows the first layer.</param>
/// <param name="rest">The other layers, in order: weights [out, in], biases [out], and whether tanh follows.</param>
internal sealed class HiddenLayers((Tensor Weights, Tensor Biases) first, bool firstActivates, IEnumerable<(Tensor Weights, Tensor Biases, bool Activates)> rest)
{
    private const int MostTogether = 48;

    private readonly float[] weights = Floats(first.Weights);
    private readonly float[] biases = Floats(first.Biases);

    private readonly (PackedVectors Rows, bool Activates)[] layers =
        [.. rest.Select(layer => (new PackedVectors(Floats(layer.Weights), (int)layer.Weights.shape[1], Floats(layer.Biases)), layer.Activates))];

    /// <summary>The layers of an encoder and a decoder that live on the CPU.</summary>
    /// <param name="encoder">Reads the clicks; tanh follows all its layers but perhaps the last.</param>
    /// <param name="keep">How many outputs of the encoder, from the first, go on to the decoder.</param>
    /// <param name="activatesLast">Whether tanh follows the encoder's last layer.</param>
    /// <param name="decoder">Its layers but the last, which is the catalog's, follow; tanh after each.</param>
    public static HiddenLayers Of(SparseTower encoder, int keep, bool activatesLast, Tower decoder)
    {
        using var scope = NewDisposeScope();
        var first = encoder.modules().OfType<SparseLinear>().Single();
        var encoding = encoder.modules().OfType<Dense>().ToArray();
        var alone = encoding.Length == 0;
        var rest = encoding
            .Select((layer, index) => index < encoding.Length - 1
                ? (layer.Weight, layer.Bias, true)
                : (layer.Weight.narrow(0, 0, keep), layer.Bias.narrow(0, 0, keep), activatesLast))
            .Concat(decoder.Layers.SkipLast(1).Select(layer => ((Tensor)layer.Weight, (Tensor)layer.Bias, true)));
        return new HiddenLayers(
            alone ? (first.Weight.narrow(1, 0, keep), first.Bias.narrow(0, 0, keep)) : (first.Weight, first.Bias), !alone || activatesLast, rest);
    }

    /// <summary>The hidden vectors [requests, last width].</summary>
    public float[] Of(RequestBatch requests)
    {
        var width = layers.Length > 0 ? layers[^1].Rows.Count : biases.Length;
        var vectors = new float[requests.Count * width];
        var size = Math.Clamp(requests.Count / Parallelism.Threads, 1, MostTogether);
        Parallel.For(0, (requests.Count + size - 1) / size, Parallelism.Loop(), group =>
        {
            var first = group * size;
            Run(requests.Slice(first, Math.Min(size, requests.Count - first))).CopyTo(vectors, first * width);
        });
        return vectors;
    }

    // Some requests go through a layer together, so that its weights are read once for all of them.
    private float[] Run(RequestBatch requests)
    {
        var vectors = new float[requests.Count * biases.Length];
        for (var request = 0; request < requests.Count; request++)
        {
            ReadClicks(requests.History(request), vectors.AsSpan(request * biases.Length, biases.Length));
        }

        Activate(vectors, firstActivates);
        var offsets = new float[requests.Count];
        foreach (var (rows, activates) in layers)
        {
            var next = new float[requests.Count * rows.Count];
            new CatalogProducts(rows, vectors, offsets).Fill(..requests.Count, 0, rows.Count, next, rows.Count);
            Activate(vectors = next, activates);
        }

        return vectors;
    }

    // Each distinct item of a history counts 1 / sqrt(their number).
    private void ReadClicks(ReadOnlySpan<int> history, Span<float> vector)
    {
        var items = history.ToArray();
        var count = NormalizedClicks.Distinct(items);
        foreach (var item in items.AsSpan(0, count))
        {
            Vectors.AddScaled(vector, 1 / MathF.Sqrt(count), weights.AsSpan(item * vector.Length, vector.Length));
        }

        Vectors.AddScaled(vector, 1, biases);
    }

    private static void Activate(float[] vectors, bool activates)
    {
        for (var unit = 0; activates && unit < vectors.Length; unit++)
        {
            vectors[unit] = MathF.Tanh(vectors[unit]);
        }
    }

    private static float[] Floats(Tensor tensor)
    {
        using var scope = NewDisposeScope();
        return tensor.ToValues<float>();
    }
}
