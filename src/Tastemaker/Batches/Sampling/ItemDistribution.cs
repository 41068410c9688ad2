using Tastemaker.Data;
using Tastemaker.Options;

namespace Tastemaker.Batches.Sampling;

/// <summary>Probabilities of items, to draw from and to correct for. Immutable; safe to share between threads with a stream each.</summary>
internal sealed class ItemDistribution
{
    private readonly AliasTable? table; // null for uniform
    private readonly double[] probabilities;

    private ItemDistribution(double[] weights, bool isUniform)
    {
        var total = weights.Sum();
        probabilities = Array.ConvertAll(weights, weight => weight / total);
        table = isUniform ? null : new AliasTable(probabilities);
    }

    /// <summary>Number of items.</summary>
    public int Count => probabilities.Length;

    /// <summary>How many positives each item has in training, repeats included.</summary>
    public static int[] Counts(TrainingSet train) => train.ByUser.CountColumns();

    /// <summary>A distribution of a kind.</summary>
    /// <param name="sampling">The kind.</param>
    /// <param name="counts">How often each item occurs in training; not all 0.</param>
    public static ItemDistribution Of(ItemSampling sampling, int[] counts)
    {
        switch (sampling)
        {
            case ItemSampling.Popularity:
                return new ItemDistribution(Array.ConvertAll(counts, count => (double)count), isUniform: false);
            case ItemSampling.LogUniform:
                var weights = new double[counts.Length];
                var rank = 0;
                foreach (var item in Enumerable.Range(0, counts.Length).OrderByDescending(item => counts[item]))
                {
                    weights[item] = Math.Log((rank + 2.0) / (rank + 1));
                    rank++;
                }

                return new ItemDistribution(weights, isUniform: false);
            default:
                return new ItemDistribution(Array.ConvertAll(counts, _ => 1.0), isUniform: true);
        }
    }

    /// <summary>An item.</summary>
    public int Draw(SeededRandom random) => table?.Draw(random) ?? random.Next(probabilities.Length);

    /// <summary>The probability of an item.</summary>
    public double Probability(int item) => probabilities[item];

    /// <summary>The log of how often each item is expected among some draws; negative infinity for items that are never drawn.</summary>
    public float[] LogCounts(int draws) => Array.ConvertAll(probabilities, probability => (float)Math.Log(draws * probability));
}
