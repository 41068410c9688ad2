namespace Tastemaker.Retrieval;

/// <summary>
/// Finds the items whose vectors have the largest inner products with a query's. What it finds it scores exactly; an approximate index may miss some.
/// Thread-safe.
/// </summary>
public interface IVectorIndex
{
    /// <summary>Number of items.</summary>
    int Count { get; }

    /// <summary>Length of a vector.</summary>
    int Dimension { get; }

    /// <summary>Finds the best items of one query, on the calling thread.</summary>
    /// <param name="query">A vector of finite numbers.</param>
    /// <param name="items">Receives item indexes, best first, equal scores by index; its length is how many to find.</param>
    /// <param name="scores">Receives their inner products with the query; as long as <paramref name="items"/>.</param>
    /// <returns>How many were found: as many as asked for, or all items if there are fewer.</returns>
    /// <exception cref="ArgumentException">A length does not fit, or the query holds something else than finite numbers.</exception>
    int Search(ReadOnlySpan<float> query, Span<int> items, Span<float> scores);

    /// <summary>
    /// Finds the best items of many queries, on all threads: for each exactly what <see cref="Search"/> finds, at less cost, because queries share
    /// the reading of the items' vectors.
    /// </summary>
    /// <param name="queries">Vectors [queries, <see cref="Dimension"/>].</param>
    /// <param name="count">How many to find for each.</param>
    /// <param name="items">Receives [queries, count].</param>
    /// <param name="scores">Receives [queries, count].</param>
    /// <returns>How many each query found, at the beginning of its row.</returns>
    /// <exception cref="ArgumentException">As for <see cref="Search"/>.</exception>
    int SearchAll(ReadOnlyMemory<float> queries, int count, Memory<int> items, Memory<float> scores);
}
