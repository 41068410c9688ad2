using System.Buffers;
using Tastemaker.Solvers;

namespace Tastemaker.Models.Baselines;

/// <summary>
/// One column of SLIM's W: the regression of a target item on other items, 1/2 w'Gw - g'w + beta/2 |w|^2 + lambda |w|_1, by cyclic coordinate
/// descent with an active set. Few weights end above 0, so a round looks at all candidates once, and then descends over those alone that have
/// a weight or want one most, in a copy of their part of G that fits the cache. What no candidate wants to leave is the minimum over all.
/// </summary>
/// <param name="gram">G: co-occurrences of the candidates with each other.</param>
/// <param name="withTarget">g: co-occurrences of the candidates with the target.</param>
/// <param name="target">Position of the target among the candidates, whose weight stays 0; -1 if it is not among them.</param>
/// <param name="options">Penalties and when to stop.</param>
internal sealed class SlimColumn(float[][] gram, float[] withTarget, int target, SlimOptions options)
{
    // New members of the active set a round: as many as it has, and no fewer than these.
    private const int FewestNew = 64;

    // Sweeps a round: what is then still moving is left to the next.
    private const int MostSweeps = 50;

    // Within a round, how much of the largest move is left to the next: early active sets are not worth an exact solution.
    private const double Left = 0.1;

    // What a candidate wants is asked of all at once, and many small wishes add up: they must be smaller than what a sweep may still move, but not
    // smaller than what sums in single precision can tell apart.
    private readonly double enough = Math.Max(options.Tolerance / 10, 1e-6);

    // G w; in double precision, because it is carried from round to round.
    private readonly double[] product = new double[gram.Length];
    private readonly float[] weights = new float[gram.Length];
    private readonly int[] active = new int[gram.Length];
    private readonly int[] wanting = new int[gram.Length];
    private readonly float[] wishes = new float[gram.Length];

    /// <summary>The weights, one a candidate.</summary>
    public ReadOnlySpan<float> Weights => weights;

    /// <summary>Rounds until the weights rest, or as many as sweeps over all candidates were allowed: a round holds one.</summary>
    public void Solve()
    {
        for (var round = 0; round < options.Sweeps && Round() > enough; round++)
        {
        }
    }

    /// <summary>
    /// Looks at all candidates and, if any wants to move by more than it may, descends over the active ones. Returns the largest move that a
    /// candidate wanted before the descent.
    /// </summary>
    public double Round()
    {
        var (count, largest) = Choose();
        if (largest > enough)
        {
            Descend(active.AsSpan(0, count), Math.Max(enough / 2, Left * largest));
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

    // Fills the active set: who has a weight, and those of the others whose first move would be largest.
    private (int Count, double Largest) Choose()
    {
        var (count, others, largest) = (0, 0, 0.0);
        for (var item = 0; item < weights.Length; item++)
        {
            // Items that never occur together with the target could only get a negative weight.
            if (item == target || (options.NonNegative && withTarget[item] == 0))
            {
                continue;
            }

            var move = Math.Abs(Best(gram[item][item], withTarget[item], product[item], weights[item]) - weights[item]);
            largest = Math.Max(largest, move);
            if (weights[item] != 0)
            {
                active[count++] = item;
            }
            else if (move > 0)
            {
                (wanting[others], wishes[others++]) = (item, move);
            }
        }

        var kept = LargestEntries.Keep(wanting.AsSpan(0, others), wishes.AsSpan(0, others), Math.Max(FewestNew, count));
        wanting.AsSpan(0, kept).CopyTo(active.AsSpan(count));
        return (count + kept, largest);
    }

    // Sweeps over some candidates, the others held, until none moves by more than the tolerance; at least one.
    private void Descend(ReadOnlySpan<int> items, double tolerance)
    {
        var size = items.Length;
        var (products, before) = (new float[size], new float[size]);
        var part = ArrayPool<float>.Shared.Rent(size * size);
        for (var row = 0; row < size; row++)
        {
            (products[row], before[row]) = ((float)product[items[row]], weights[items[row]]);
            var whole = gram[items[row]];
            for (var column = 0; column < size; column++)
            {
                part[(row * size) + column] = whole[items[column]];
            }
        }

        for (var sweep = 0; sweep < MostSweeps && Sweep(items, part, products) > tolerance; sweep++)
        {
        }

        ArrayPool<float>.Shared.Return(part);

        for (var row = 0; row < size; row++)
        {
            var moved = weights[items[row]] - before[row];
            if (moved != 0)
            {
                Vectors.AddScaled(product, moved, gram[items[row]]);
            }
        }
    }

    // Minimizes over each weight in turn, the others held, and returns the largest move.
    private double Sweep(ReadOnlySpan<int> items, float[] part, float[] products)
    {
        var (size, largest) = (items.Length, 0.0);
        for (var row = 0; row < size; row++)
        {
            var own = part.AsSpan(row * size, size);
            ref var weight = ref weights[items[row]];
            var move = Best(own[row], withTarget[items[row]], products[row], weight) - weight;
            if (move != 0)
            {
                weight += move;
                Vectors.AddScaled(products, move, own);
                largest = Math.Max(largest, Math.Abs(move));
            }
        }

        return largest;
    }

    // The minimum over one weight: own is its cell of G's diagonal, with its cell of g, product its cell of G w.
    private float Best(double own, double with, double product, double weight)
    {
        if (own + options.L2 <= 0)
        {
            return 0;
        }

        var residual = with - product + (own * weight);
        var shrunk = Math.Max(0, Math.Abs(residual) - options.L1) / (own + options.L2);
        return residual > 0 ? (float)shrunk : options.NonNegative ? 0 : (float)-shrunk;
    }
}
