using System.Numerics;
using Tastemaker.Data;

namespace Tastemaker.Evaluation.Significance;

/// <summary>
/// Percentile bootstrap intervals of means over requests (Efron 1979). All columns share the resamples, so intervals of several metrics
/// and systems cost one draw; resample k has a stream of its own, so threads do not matter.
/// </summary>
public static class Bootstrap
{
    /// <summary>Intervals of the means of columns over the same requests; for paired systems, give the differences.</summary>
    /// <param name="columns">Columns of one length; NaN where a request has no figure, which is then left out of the column's mean.</param>
    /// <param name="seed">Chooses the resamples.</param>
    /// <param name="resamples">How many.</param>
    /// <param name="level">Confidence, in (0, 1).</param>
    public static IReadOnlyList<Interval> MeanIntervals(
        IReadOnlyList<double[]> columns, ulong seed, int resamples = 10_000, double level = 0.95)
    {
        if (columns.Count == 0 || columns[0].Length == 0)
        {
            return [.. columns.Select(_ => new Interval(double.NaN, double.NaN))];
        }

        var prepared = columns.Select(column => new Column(column)).ToArray();
        var means = columns.Select(_ => new double[resamples]).ToArray();
        using var counts = new ThreadLocal<double[]>(() => new double[columns[0].Length]);
        Parallel.For(0, resamples, resample =>
        {
            var drawn = counts.Value!;
            Draw(new SeededRandom(seed, (ulong)resample), drawn);
            for (var column = 0; column < prepared.Length; column++)
            {
                means[column][resample] = prepared[column].Mean(drawn);
            }
        });
        return [.. means.Select(sample => Percentiles(sample, level))];
    }

    /// <summary>How often each request is in a resample with replacement.</summary>
    private static void Draw(SeededRandom random, double[] counts)
    {
        Array.Clear(counts);
        for (var draw = 0; draw < counts.Length; draw++)
        {
            counts[random.Next(counts.Length)]++;
        }
    }

    private static Interval Percentiles(double[] sample, double level)
    {
        var valid = Array.FindAll(sample, mean => !double.IsNaN(mean));
        Array.Sort(valid);
        return new Interval(Quantile(valid, (1 - level) / 2), Quantile(valid, (1 + level) / 2));
    }

    private static double Quantile(double[] ascending, double share)
    {
        if (ascending.Length == 0)
        {
            return double.NaN;
        }

        var position = share * (ascending.Length - 1);
        var below = (int)position;
        var above = Math.Min(below + 1, ascending.Length - 1);
        return ascending[below] + ((position - below) * (ascending[above] - ascending[below]));
    }

    /// <summary>A column ready for weighted means: NaN as 0, beside where figures are.</summary>
    private sealed class Column(double[] values)
    {
        private readonly double[] filled = Array.ConvertAll(values, value => double.IsNaN(value) ? 0 : value);
        private readonly double[]? present = values.Any(double.IsNaN) ? Array.ConvertAll(values, value => double.IsNaN(value) ? 0.0 : 1.0) : null;

        public double Mean(double[] counts) => Dot(filled, counts) / (present is null ? counts.Length : Dot(present, counts));

        private static double Dot(double[] left, double[] right)
        {
            var width = Vector<double>.Count;
            var sum = Vector<double>.Zero;
            var index = 0;
            for (; index <= left.Length - width; index += width)
            {
                sum += new Vector<double>(left, index) * new Vector<double>(right, index);
            }

            var total = Vector.Sum(sum);
            for (; index < left.Length; index++)
            {
                total += left[index] * right[index];
            }

            return total;
        }
    }
}
