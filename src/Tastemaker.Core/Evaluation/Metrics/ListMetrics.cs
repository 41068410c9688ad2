using System.Collections.Concurrent;
using Tastemaker.Data;

namespace Tastemaker.Evaluation.Metrics;

/// <summary>Metrics of what a list consists of, whether or not it holds targets. Thread-safe.</summary>
internal sealed class ListMetrics
{
    private const int MostKept = 1 << 20;

    private readonly Lazy<SparseRows> usersByItem;
    private readonly ConcurrentDictionary<(int, int), double> similarities = new();
    private readonly double[] bits; // a logarithm an item of the catalog, not an item of every list
    private int kept;

    /// <summary>Counts the training interactions.</summary>
    public ListMetrics(TrainingSet train)
    {
        usersByItem = new(() => train.Seen.Transpose());
        Popularity = CountItems(train);
        var total = Math.Max(train.Interactions.Count, 1);
        bits = Array.ConvertAll(Popularity, count => -Math.Log2(Math.Max(count, 1) / (double)total));
    }

    /// <summary>Training interactions of each item.</summary>
    public int[] Popularity { get; }

    /// <summary>The mean of -log2 of the items' shares of the training interactions; an item never trained on counts once.</summary>
    public double Novelty(ReadOnlySpan<int> list)
    {
        var sum = 0.0;
        foreach (var item in list)
        {
            sum += bits[item];
        }

        return sum / list.Length;
    }

    /// <summary>The mean number of training interactions of the items.</summary>
    public double AveragePopularity(ReadOnlySpan<int> list)
    {
        var sum = 0.0;
        foreach (var item in list)
        {
            sum += Popularity[item];
        }

        return sum / list.Length;
    }

    /// <summary>1 - the mean cosine of co-occurrence over the pairs of the list; NaN for a list shorter than 2.</summary>
    public double Diversity(ReadOnlySpan<int> list)
    {
        var sum = 0.0;
        for (var second = 1; second < list.Length; second++)
        {
            for (var first = 0; first < second; first++)
            {
                sum += Similarity(list[first], list[second]);
            }
        }

        return 1 - (2 * sum / (list.Length * (list.Length - 1.0)));
    }

    private double Similarity(int a, int b)
    {
        var pair = a < b ? (a, b) : (b, a);
        if (similarities.TryGetValue(pair, out var known))
        {
            return known;
        }

        var left = usersByItem.Value[a];
        var right = usersByItem.Value[b];
        var cosine = left.IsEmpty || right.IsEmpty ? 0 : Shared(left, right) / Math.Sqrt((double)left.Length * right.Length);
        // Lists share their popular items, so most pairs recur; the bound keeps memory flat on large catalogs.
        if (kept < MostKept && similarities.TryAdd(pair, cosine))
        {
            Interlocked.Increment(ref kept);
        }

        return cosine;
    }

    private static int Shared(ReadOnlySpan<int> left, ReadOnlySpan<int> right)
    {
        int shared = 0, l = 0, r = 0;
        while (l < left.Length && r < right.Length)
        {
            var (a, b) = (left[l], right[r]);
            shared += a == b ? 1 : 0;
            l += a <= b ? 1 : 0;
            r += b <= a ? 1 : 0;
        }

        return shared;
    }

    /// <summary>How often each item occurs in training.</summary>
    public static int[] CountItems(TrainingSet train)
    {
        var counts = new int[train.ItemCount];
        foreach (var item in train.Interactions.Items)
        {
            counts[item]++;
        }

        return counts;
    }
}
