using Tastemaker.Scoring;
using Tastemaker.Solvers;

namespace Tastemaker.Retrieval;

/// <summary>
/// Which lists promise most for a query: the score of a list is <c>q . m + reach |q| s</c>, with the mean m of its vectors and their spread s, the
/// root of their mean squared distance from m. An inner product can exceed that of the mean by |q| times a distance, so that a wide list may hold
/// better items than a narrow one with a better mean; reach says how much of that to count on.
/// </summary>
internal sealed class ListRanking
{
    private readonly PackedVectors packed;

    /// <summary>The ranking of lists.</summary>
    /// <param name="means">m [lists, dimension].</param>
    /// <param name="spreads">s [lists].</param>
    /// <param name="dimension">Length of a vector.</param>
    /// <param name="reach">What spreads count; 0 or more.</param>
    public ListRanking(float[] means, float[] spreads, int dimension, float reach)
    {
        (Means, Spreads, Reach) = (means, spreads, reach);
        packed = new PackedVectors(means, dimension, Array.ConvertAll(spreads, spread => reach * spread));
    }

    /// <summary>m [lists, dimension].</summary>
    public float[] Means { get; }

    /// <summary>s [lists].</summary>
    public float[] Spreads { get; }

    /// <summary>What spreads count.</summary>
    public float Reach { get; }

    /// <summary>Number of lists.</summary>
    public int Count => packed.Count;

    /// <summary>The ranking with another reach.</summary>
    public ListRanking With(float reach) => new(Means, Spreads, packed.Dimension, reach);

    /// <summary>Scores the lists for queries [rows, dimension]: [rows, lists], up to a factor a query.</summary>
    public unsafe void Score(ReadOnlySpan<float> queries, Span<float> scores)
    {
        var dimension = packed.Dimension;
        var rows = queries.Length / dimension;
        Span<float> unit = rows * dimension <= 4096 ? stackalloc float[rows * dimension] : new float[rows * dimension];
        for (var row = 0; row < rows; row++)
        {
            var query = queries.Slice(row * dimension, dimension);
            var length = MathF.Sqrt(Vectors.Dot(query, query));
            for (var k = 0; k < dimension; k++)
            {
                unit[(row * dimension) + k] = length > 0 ? query[k] / length : 0;
            }
        }

        fixed (float* target = scores)
        {
            packed.Multiply(unit, stackalloc float[rows], 0, Count, target, Count);
        }
    }
}
