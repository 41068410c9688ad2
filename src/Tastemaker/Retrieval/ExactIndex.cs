using Tastemaker.Evaluation.Ranking;
using Tastemaker.Recommending;
using Tastemaker.Scoring;
using Tastemaker.Solvers;

namespace Tastemaker.Retrieval;

/// <summary>
/// Exact search: every item is scored, part of the catalog after part, and ranked while its scores are in cache. Many queries share each reading of
/// the vectors. Holds a copy of the vectors.
/// </summary>
public sealed class ExactIndex : IVectorIndex
{
    private readonly PackedVectors packed;

    /// <summary>An index over vectors.</summary>
    /// <param name="vectors">Vectors [items, dimension] of finite numbers.</param>
    /// <param name="dimension">Length of a vector.</param>
    public ExactIndex(float[] vectors, int dimension)
    {
        Count = SearchArguments.CheckVectors(vectors, dimension);
        packed = new PackedVectors(vectors, dimension, []);
    }

    /// <inheritdoc/>
    public int Count { get; }

    /// <inheritdoc/>
    public int Dimension => packed.Dimension;

    /// <summary>An index over the items of a recommender.</summary>
    /// <exception cref="InputException">It does not score by inner products.</exception>
    public static ExactIndex Of(IRecommender recommender) => new(VectorTable.Of(recommender), VectorTable.Required(recommender).VectorLength);

    /// <inheritdoc/>
    public int Search(ReadOnlySpan<float> query, Span<int> items, Span<float> scores)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(query.Length, Dimension);
        SearchArguments.Check(this, query, items.Length, items.Length, scores.Length);
        return Select(new GroupLists(Count, items.Length, long.MaxValue, 1, 1), new CatalogProducts(packed, query.ToArray(), new float[1]), 0, 1, items, scores);
    }

    /// <inheritdoc/>
    public int SearchAll(ReadOnlyMemory<float> queries, int count, Memory<int> items, Memory<float> scores)
    {
        var number = SearchArguments.Check(this, queries.Span, count, items.Length, scores.Length);
        if (number == 0)
        {
            return Math.Min(count, Count);
        }

        var parts = new CatalogProducts(packed, queries.ToArray(), new float[number]);
        using var memories = new ThreadLocal<GroupLists>(() => new GroupLists(Count, count, long.MaxValue, number, Parallelism.Threads));
        var size = memories.Value!.Requests;
        Parallel.For(0, (number + size - 1) / size, Parallelism.Loop(), group =>
        {
            var first = group * size;
            var members = Math.Min(size, number - first);
            Select(memories.Value!, parts, first, members, items.Span.Slice(first * count, members * count), scores.Span.Slice(first * count, members * count));
        });
        return Math.Min(count, Count);
    }

    private static int Select(GroupLists lists, CatalogProducts parts, int first, int members, Span<int> items, Span<float> scores)
    {
        lists.Select(parts, first, members, null, 0);
        var count = items.Length / members;
        for (var row = 0; row < members; row++)
        {
            lists.Items(row).CopyTo(items[(row * count)..]);
            lists.Scores(row).CopyTo(scores[(row * count)..]);
        }

        return lists.Items(0).Length;
    }
}
