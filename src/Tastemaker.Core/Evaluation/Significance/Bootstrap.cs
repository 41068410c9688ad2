using System.Numerics;
using Tastemaker.Data;

namespace Tastemaker.Evaluation.Significance;

/// <summary>
/// Percentile bootstrap intervals of means over requests (Efron 1979). All columns share the resamples, so intervals of several metrics
/// and systems cost one draw; resample k has a stream of its own, so threads do not matter.
/// </summary>
public static class Bootstrap
{
    private const int Together = 4;

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

        var requests = columns[0].Length;
        var prepared = columns.Select(column => new Column(column)).ToArray();
        var means = columns.Select(_ => new double[resamples]).ToArray();
        using var drawn = new ThreadLocal<double[][]>(() => [.. Enumerable.Range(0, Together).Select(_ => new double[requests])]);
        Parallel.For(0, (resamples + Together - 1) / Together, Parallelism.Loop(), group =>
        {
            var counts = drawn.Value!;
            var first = group * Together;
            for (var member = 0; member < Together; member++)
            {
                Draw(new SeededRandom(seed, (ulong)(first + member)), counts[member]);
            }

            Span<double> four = stackalloc double[Together];
            for (var column = 0; column < prepared.Length; column++)
            {
                prepared[column].Means(counts, four);
                four[..Math.Min(Together, resamples - first)].CopyTo(means[column].AsSpan(first));
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

        /// <summary>The column's mean in each of four resamples.</summary>
        public void Means(double[][] counts, Span<double> means)
        {
            Dots(filled, counts, means);
            Span<double> sizes = stackalloc double[Together];
            sizes.Fill(filled.Length);
            if (present is not null)
            {
                Dots(present, counts, sizes);
            }

            for (var member = 0; member < Together; member++)
            {
                means[member] /= sizes[member];
            }
        }

        /// <summary>Four products at once: a value is loaded once, and four sums hide the latency of each other's additions.</summary>
        private static void Dots(double[] values, double[][] counts, Span<double> dots)
        {
            var (c0, c1, c2, c3) = (counts[0], counts[1], counts[2], counts[3]);
            var (s0, s1, s2, s3) = (Vector<double>.Zero, Vector<double>.Zero, Vector<double>.Zero, Vector<double>.Zero);
            var index = 0;
            for (; index <= values.Length - Vector<double>.Count; index += Vector<double>.Count)
            {
                var value = new Vector<double>(values, index);
                s0 += value * new Vector<double>(c0, index);
                s1 += value * new Vector<double>(c1, index);
                s2 += value * new Vector<double>(c2, index);
                s3 += value * new Vector<double>(c3, index);
            }

            (dots[0], dots[1], dots[2], dots[3]) = (Vector.Sum(s0), Vector.Sum(s1), Vector.Sum(s2), Vector.Sum(s3));
            for (; index < values.Length; index++)
            {
                for (var member = 0; member < Together; member++)
                {
                    dots[member] += values[index] * counts[member][index];
                }
            }
        }
    }
}

/// <summary>A confidence interval.</summary>
/// <param name="Lower">Its lower end.</param>
/// <param name="Upper">Its upper end.</param>
public readonly record struct Interval(double Lower, double Upper)
{
    /// <summary>Whether the value lies inside; the ends do.</summary>
    public bool Contains(double value) => Lower <= value && value <= Upper;
}
