using Tastemaker.Recommending;

namespace Tastemaker.Scoring;

/// <summary>Scores that are inner products of a vector a request with a vector an item: of all factor models, and of networks with a linear last layer.</summary>
/// <param name="items">The items' vectors and biases.</param>
/// <param name="queries">The requests' vectors [requests, dimension].</param>
/// <param name="offsets">One number a request.</param>
internal sealed class CatalogProducts(PackedVectors items, float[] queries, float[] offsets) : IPartialScores
{
    /// <inheritdoc/>
    public unsafe void Fill(Range requests, int first, int count, Span<float> scores, int stride)
    {
        var (start, length) = requests.GetOffsetAndLength(offsets.Length);
        fixed (float* target = scores)
        {
            items.Multiply(
                queries.AsSpan(start * items.Dimension, length * items.Dimension), offsets.AsSpan(start, length), first, count, target, stride);
        }
    }
}
