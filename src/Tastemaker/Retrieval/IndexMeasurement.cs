using System.Diagnostics;

namespace Tastemaker.Retrieval;

/// <summary>What an index gives up in recall for its speed, on given queries.</summary>
/// <param name="Queries">Number of queries.</param>
/// <param name="Depth">Items found for each.</param>
/// <param name="Recall">Share of the truly best items that the index finds, averaged over queries.</param>
/// <param name="Exact">What exact search does.</param>
/// <param name="Index">What the index does.</param>
internal sealed record IndexMeasurement(int Queries, int Depth, double Recall, SearchSpeed Exact, SearchSpeed Index)
{
    /// <summary>Searches with both.</summary>
    /// <param name="exact">The truth.</param>
    /// <param name="index">What is measured.</param>
    /// <param name="queries">Vectors [queries, dimension].</param>
    /// <param name="depth">Items to find for each.</param>
    /// <param name="seconds">About how long to time each figure.</param>
    public static IndexMeasurement Of(IVectorIndex exact, IVectorIndex index, float[] queries, int depth, double seconds)
    {
        var number = queries.Length / index.Dimension;
        depth = Math.Min(depth, index.Count);
        var (truth, found, scores) = (new int[number * depth], new int[number * depth], new float[number * depth]);
        exact.SearchAll(queries, depth, truth, scores);
        index.SearchAll(queries, depth, found, scores);
        var hits = Enumerable.Range(0, number).Sum(query => truth.Skip(query * depth).Take(depth).Intersect(found.Skip(query * depth).Take(depth)).Count());
        return new IndexMeasurement(
            number, depth, hits / ((double)number * depth), SearchSpeed.Of(exact, queries, depth, seconds), SearchSpeed.Of(index, queries, depth, seconds));
    }
}

/// <summary>How fast an index is.</summary>
/// <param name="OneByOne">Queries a second, one after the other on one thread.</param>
/// <param name="Together">Queries a second, all at once on all threads.</param>
internal sealed record SearchSpeed(double OneByOne, double Together)
{
    /// <summary>Times an index that has been warmed up with all queries together.</summary>
    public static SearchSpeed Of(IVectorIndex index, float[] queries, int depth, double seconds)
    {
        var number = queries.Length / index.Dimension;
        var (items, scores) = (new int[number * depth], new float[number * depth]);
        void Search(int query) => index.Search(queries.AsSpan(query % number * index.Dimension, index.Dimension), items.AsSpan(0, depth), scores.AsSpan(0, depth));
        Search(0);
        return new SearchSpeed(Rate(seconds, 1, Search), Rate(seconds, number, _ => index.SearchAll(queries, depth, items, scores)));
    }

    private static double Rate(double seconds, int queries, Action<int> search)
    {
        var (clock, calls) = (Stopwatch.StartNew(), 0);
        do
        {
            search(calls++);
        }
        while (clock.Elapsed.TotalSeconds < seconds);
        return calls * queries / clock.Elapsed.TotalSeconds;
    }
}
