using Tastemaker.Solvers;

namespace Tastemaker.Models.Baselines;

/// <summary>
/// One column of SLIM's W: the regression of a target item on other items, 1/2 w'Gw - g'w + beta/2 |w|^2 + lambda |w|_1, by cyclic coordinate
/// descent. The product G w is kept up to date, so a coordinate that stays where it is costs nothing.
/// </summary>
/// <param name="gram">G: co-occurrences of the candidates with each other.</param>
/// <param name="withTarget">g: co-occurrences of the candidates with the target.</param>
/// <param name="target">Position of the target among the candidates, whose weight stays 0; -1 if it is not among them.</param>
/// <param name="options">Penalties and when to stop.</param>
internal sealed class SlimColumn(float[][] gram, float[] withTarget, int target, SlimOptions options)
{
    private readonly float[] product = new float[gram.Length];
    private readonly float[] weights = new float[gram.Length];

    /// <summary>The weights, one a candidate.</summary>
    public ReadOnlySpan<float> Weights => weights;

    /// <summary>Sweeps until the weights rest or the sweeps are used up.</summary>
    public void Solve()
    {
        for (var sweep = 0; sweep < options.Sweeps && Sweep() > options.Tolerance; sweep++)
        {
        }
    }

    /// <summary>Minimises over each weight in turn, the others held, and returns the largest move.</summary>
    public double Sweep()
    {
        var largest = 0.0;
        for (var item = 0; item < weights.Length; item++)
        {
            // Items that never occur together with the target could only get a negative weight.
            if (item == target || (options.NonNegative && withTarget[item] == 0))
            {
                continue;
            }

            var old = weights[item];
            var move = Minimize(item) - old;
            if (move != 0)
            {
                weights[item] = old + move;
                Vectors.AddScaled(product, move, gram[item]);
                largest = Math.Max(largest, Math.Abs(move));
            }
        }

        return largest;
    }

    /// <summary>The objective up to a constant.</summary>
    public double Objective()
    {
        var value = 0.0;
        for (var item = 0; item < weights.Length; item++)
        {
            double weight = weights[item];
            value += (((0.5 * product[item]) - withTarget[item]) * weight) + (0.5 * options.L2 * weight * weight) + (options.L1 * Math.Abs(weight));
        }

        return value;
    }

    /// <summary>The largest weights in absolute value (0: all that are not 0), by candidate in ascending order.</summary>
    public (int[] Items, float[] Weights) Largest(int most)
    {
        int[] items = [.. Enumerable.Range(0, weights.Length).Where(item => weights[item] != 0)];
        var sizes = Array.ConvertAll(items, item => Math.Abs(weights[item]));
        items = items[..LargestEntries.Keep(items, sizes, most == 0 ? items.Length : most)];
        return (items, Array.ConvertAll(items, item => weights[item]));
    }

    private float Minimize(int item)
    {
        var own = (double)gram[item][item];
        if (own + options.L2 <= 0)
        {
            return 0;
        }

        var residual = withTarget[item] - product[item] + (own * weights[item]);
        var shrunk = Math.Max(0, Math.Abs(residual) - options.L1) / (own + options.L2);
        return residual > 0 ? (float)shrunk : options.NonNegative ? 0 : (float)-shrunk;
    }
}
