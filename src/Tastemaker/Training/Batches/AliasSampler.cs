using Tastemaker.Data;

namespace Tastemaker.Training.Batches;

/// <summary>Draws indexes with fixed probabilities in constant time a draw: the alias method (Walker 1977, Vose 1991). Immutable.</summary>
internal sealed class AliasSampler
{
    private readonly double[] threshold;
    private readonly int[] alias;

    /// <summary>A sampler that draws index <c>j</c> with probability <c>weights[j] / sum</c>.</summary>
    /// <param name="weights">Not negative, with a positive sum.</param>
    public AliasSampler(ReadOnlySpan<double> weights)
    {
        var sum = 0.0;
        foreach (var weight in weights)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(weight, nameof(weights));
            sum += weight;
        }

        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(sum, nameof(weights));
        threshold = new double[weights.Length];
        alias = new int[weights.Length];
        var (poor, rich) = (new Stack<int>(), new Stack<int>());
        for (var index = 0; index < weights.Length; index++)
        {
            threshold[index] = weights[index] * weights.Length / sum;
            (threshold[index] < 1 ? poor : rich).Push(index);
        }

        Pair(poor, rich);
    }

    /// <summary>Fills a span with independent draws.</summary>
    public void Fill(Span<int> draws, SeededRandom random)
    {
        for (var draw = 0; draw < draws.Length; draw++)
        {
            var index = random.Next(threshold.Length);
            draws[draw] = random.NextDouble() < threshold[index] ? index : alias[index];
        }
    }

    /// <summary>Gives every cell of weight below the mean the rest of its width from a cell above it.</summary>
    private void Pair(Stack<int> poor, Stack<int> rich)
    {
        while (poor.Count > 0 && rich.Count > 0)
        {
            var (small, large) = (poor.Pop(), rich.Pop());
            alias[small] = large;
            threshold[large] -= 1 - threshold[small];
            (threshold[large] < 1 ? poor : rich).Push(large);
        }

        // What rounding left over is full; but a cell of no weight must never be drawn, so it is not made full.
        foreach (var cell in poor.Concat(rich))
        {
            if (threshold[cell] > 0)
            {
                threshold[cell] = 1;
            }
        }
    }
}
