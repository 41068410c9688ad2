using Tastemaker.Data;

namespace Tastemaker.Bench.Generation;

/// <summary>Draws one of some items in proportion to fixed weights, in constant time (Walker's alias method).</summary>
internal sealed class WeightedChoice
{
    private readonly int[] items;
    private readonly int[] alias;
    private readonly double[] threshold;

    /// <summary>Item <c>items[k]</c> has weight <c>weights[k]</c>, above 0.</summary>
    public WeightedChoice(int[] items, ReadOnlySpan<double> weights)
    {
        this.items = items;
        alias = new int[items.Length];
        threshold = new double[items.Length];
        var total = 0.0;
        foreach (var weight in weights)
        {
            total += weight;
        }

        Stack<int> small = [];
        Stack<int> large = [];
        for (var index = 0; index < items.Length; index++)
        {
            threshold[index] = weights[index] / total * items.Length;
            (threshold[index] < 1 ? small : large).Push(index);
        }

        while (small.Count > 0 && large.Count > 0)
        {
            var (below, above) = (small.Pop(), large.Pop());
            alias[below] = above;
            threshold[above] -= 1 - threshold[below];
            (threshold[above] < 1 ? small : large).Push(above);
        }

        // What rounding left over has weight one.
        foreach (var index in small.Concat(large))
        {
            threshold[index] = 1;
        }
    }

    public int Draw(SeededRandom random)
    {
        var index = random.Next(items.Length);
        return items[random.NextDouble() < threshold[index] ? index : alias[index]];
    }
}
