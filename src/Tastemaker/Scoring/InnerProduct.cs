using Tastemaker.Data;
using Tastemaker.Native;
using Tastemaker.Recommending;
using static TorchSharp.torch;

namespace Tastemaker.Scoring;

/// <summary>
/// Scores that are inner products: q_r . v_i + b_i + c_r, with a vector per request and per item, a bias per item and a constant per request. Blocked ranking, an index,
/// a vector store and the ONNX graph need no more than this. Items are packed when they are first needed, whatever device the weights are on.
/// </summary>
/// <param name="dimension">Length of the vectors.</param>
/// <param name="hasBiases">Whether items have biases.</param>
/// <param name="queries">The vectors and constants of requests.</param>
/// <param name="items">The vectors and biases of all items.</param>
public sealed class InnerProduct(int dimension, bool hasBiases, Func<RequestBatch, Queries> queries, Func<ItemTable> items) : Scorer
{
    private Lazy<PackedVectors> packed = Packing(dimension, items);

    /// <summary>Length of the vectors where a bias is one more coordinate, with 1 in its place in the request's vector.</summary>
    public int Length => hasBiases ? dimension + 1 : dimension;

    /// <inheritdoc/>
    public override void Score(RequestBatch requests, Span<float> scores) => FullCatalogScoring.Fill(Begin(requests), requests.Count, packed.Value.Count, scores);

    /// <inheritdoc/>
    internal override IPartialScores Begin(RequestBatch requests)
    {
        var (vectors, constants) = Ask(requests);
        return new CatalogProducts(packed.Value, vectors, constants);
    }

    /// <inheritdoc/>
    public override void Forget() => packed = Packing(dimension, items);

    /// <summary>Writes the vectors of some items [count, <see cref="Length"/>].</summary>
    /// <param name="first">The first item.</param>
    /// <param name="vectors">Receives them; its length says how many.</param>
    public void WriteItems(int first, Span<float> vectors)
    {
        for (var row = 0; row < vectors.Length / Length; row++)
        {
            packed.Value.CopyRow(first + row, vectors.Slice(row * Length, Length));
        }
    }

    /// <summary>Writes the vectors of requests [requests, <see cref="Length"/>], and what the scores of each have in common [requests].</summary>
    public void WriteQueries(RequestBatch requests, Span<float> vectors, Span<float> constants)
    {
        var (found, common) = Ask(requests);
        common.CopyTo(constants);
        for (var row = 0; row < requests.Count; row++)
        {
            var vector = vectors.Slice(row * Length, Length);
            found.AsSpan(row * dimension, dimension).CopyTo(vector);
            if (hasBiases)
            {
                vector[dimension] = 1;
            }
        }
    }

    private (float[] Vectors, float[] Constants) Ask(RequestBatch requests)
    {
        using var scope = NewDisposeScope();
        var (vectors, constants) = queries(requests);
        return (vectors, constants ?? new float[requests.Count]);
    }

    private static Lazy<PackedVectors> Packing(int dimension, Func<ItemTable> items) => new(() =>
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        var (vectors, biases) = items();
        return new PackedVectors(vectors, dimension, biases);
    });
}

/// <summary>Requests as vectors.</summary>
/// <param name="Vectors">A vector per request [requests, dimension].</param>
/// <param name="Constants">What the scores of each request have in common [requests]; null for zeros.</param>
public readonly record struct Queries(float[] Vectors, float[]? Constants = null)
{
    /// <summary>Those of a tensor [requests, dimension], and of one [requests].</summary>
    public static Queries Of(Tensor vectors, Tensor? constants = null) => new(Floats(vectors), constants is null ? null : Floats(constants));

    internal static float[] Floats(Tensor values)
    {
        using var scope = NewDisposeScope(); // a conversion that has nothing to do may hand back the caller's own tensor
        return values.to(float32).ToValues<float>();
    }
}

/// <summary>All items as vectors.</summary>
/// <param name="Vectors">A vector per item [items, dimension].</param>
/// <param name="Biases">A bias per item [items]; empty for zeros.</param>
public readonly record struct ItemTable(float[] Vectors, float[] Biases)
{
    /// <summary>Those of a tensor [items, dimension], and of one of a value per item.</summary>
    public static ItemTable Of(Tensor vectors, Tensor? biases = null) => new(Queries.Floats(vectors), biases is null ? [] : Queries.Floats(biases));
}
