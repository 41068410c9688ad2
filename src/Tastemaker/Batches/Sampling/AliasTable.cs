using Tastemaker.Data;

namespace Tastemaker.Batches.Sampling;

/// <summary>Draws indexes with given weights in constant time (Walker 1977, in Vose's form).</summary>
internal sealed class AliasTable
{
    private readonly float[] keep;
    private readonly int[] alias;

    /// <summary>A table of the weights, which are not negative and not all 0; they need not sum to 1.</summary>
    public AliasTable(ReadOnlySpan<double> weights)
    {
        var total = 0.0;
        foreach (var weight in weights)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(weight);
            total += weight;
        }

        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(total);
        keep = new float[weights.Length];
        alias = new int[weights.Length];
        Fill(weights, weights.Length / total);
    }

    /// <summary>An index, with probability weight / sum of weights.</summary>
    public int Draw(SeededRandom random)
    {
        var bits = random.NextBits();
        var column = (int)(((bits >> 32) * (ulong)keep.Length) >> 32);
        return (uint)bits * (1.0 / 4294967296.0) < keep[column] ? column : alias[column];
    }

    private void Fill(ReadOnlySpan<double> weights, double scale)
    {
        var scaled = new double[weights.Length];
        var (poor, rich) = (new Stack<int>(), new Stack<int>());
        for (var index = 0; index < weights.Length; index++)
        {
            scaled[index] = weights[index] * scale;
            (scaled[index] < 1 ? poor : rich).Push(index);
        }

        while (poor.Count > 0 && rich.Count > 0)
        {
            var (low, high) = (poor.Pop(), rich.Pop());
            keep[low] = (float)scaled[low];
            alias[low] = high;
            scaled[high] -= 1 - scaled[low]; // the rich column fills the poor one up
            (scaled[high] < 1 ? poor : rich).Push(high);
        }

        foreach (var rest in rich.Concat(poor)) // what is left differs from 1 by rounding only
        {
            keep[rest] = 1;
            alias[rest] = rest;
        }
    }
}
