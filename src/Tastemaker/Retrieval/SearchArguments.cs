using Tastemaker.Recommending;
using Tastemaker.Scoring;

namespace Tastemaker.Retrieval;

/// <summary>Checks what is handed to an index.</summary>
internal static class SearchArguments
{
    /// <summary>Checks a search; returns the number of queries.</summary>
    /// <exception cref="ArgumentException">A length does not fit, or a query holds something else than finite numbers.</exception>
    public static int Check(IVectorIndex index, ReadOnlySpan<float> queries, int count, int items, int scores)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        var number = queries.Length / index.Dimension;
        if (number * index.Dimension != queries.Length)
        {
            throw new ArgumentException($"A vector of this index has {index.Dimension} numbers; {queries.Length} are no whole number of vectors.", nameof(queries));
        }

        if (items != (long)number * count || scores != items)
        {
            throw new ArgumentException($"{number} queries for {count} items need as many places each; there are {items} for items and {scores} for scores.");
        }

        return FiniteScores.Are(queries) ? number : throw new ArgumentException("A query holds a number that is not finite.", nameof(queries));
    }

    /// <summary>Checks the vectors of an index to be; returns their number.</summary>
    /// <exception cref="ArgumentException">There are none, or they are not of that dimension, or not finite.</exception>
    public static int CheckVectors(float[] vectors, int dimension)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(dimension);
        if (vectors.Length == 0 || vectors.Length % dimension != 0)
        {
            throw new ArgumentException($"{vectors.Length} numbers are no vectors of {dimension}.", nameof(vectors));
        }

        return FiniteScores.Are(vectors) ? vectors.Length / dimension : throw new ArgumentException("A vector holds a number that is not finite.", nameof(vectors));
    }
}
