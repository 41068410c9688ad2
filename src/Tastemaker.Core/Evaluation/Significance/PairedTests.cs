using MathNet.Numerics.Distributions;

namespace Tastemaker.Evaluation.Significance;

/// <summary>
/// Two-sided tests of paired figures: two systems on the same requests. Give the differences, one a request, without NaN.
/// </summary>
public static class PairedTests
{
    /// <summary>Up to this many non-zero differences the signed-rank distribution is computed exactly.</summary>
    private const int MostExact = 50;

    /// <summary>
    /// Wilcoxon signed-rank test. Zeros are ranked and then dropped (Pratt 1959). Exact, with ties, up to 50 non-zero differences; beyond
    /// that the normal approximation with correction for ties and zeros, without continuity correction.
    /// </summary>
    /// <returns>The sum of the ranks of positive differences, and the p-value.</returns>
    public static TestOutcome Wilcoxon(ReadOnlySpan<double> differences)
    {
        var (ranks, positive, zeros) = SignedRanks(differences);
        var statistic = 0.0;
        for (var index = 0; index < ranks.Length; index++)
        {
            statistic += positive[index] ? ranks[index] : 0;
        }

        var chance = ranks.Length == 0 ? 1
            : ranks.Length <= MostExact ? ExactSignedRank(ranks, statistic)
            : NormalSignedRank(ranks, statistic, differences.Length, zeros);
        return new TestOutcome(statistic, chance);
    }

    /// <summary>Student's paired t-test, with n - 1 degrees of freedom.</summary>
    /// <returns>The t statistic (infinite where all differences are one non-zero number) and the p-value.</returns>
    public static TestOutcome StudentT(ReadOnlySpan<double> differences)
    {
        var (mean, deviation) = Moments(differences);
        if (differences.Length < 2 || (deviation == 0 && mean == 0))
        {
            return new TestOutcome(0, 1);
        }

        if (deviation == 0)
        {
            return new TestOutcome(mean > 0 ? double.PositiveInfinity : double.NegativeInfinity, 0);
        }

        var t = mean / (deviation / Math.Sqrt(differences.Length));
        return new TestOutcome(t, Math.Min(1, 2 * StudentTBelow(-Math.Abs(t), differences.Length - 1)));
    }

    /// <summary>
    /// McNemar's exact test for outcomes that are 0 or 1 (hit rates): of the requests on which the systems differ, is the share won by
    /// either other than one half?
    /// </summary>
    /// <returns>The number of differences above zero, and the p-value.</returns>
    public static TestOutcome McNemar(ReadOnlySpan<double> differences)
    {
        int won = 0, lost = 0;
        foreach (var difference in differences)
        {
            won += difference > 0 ? 1 : 0;
            lost += difference < 0 ? 1 : 0;
        }

        var chance = won == lost ? 1 : Math.Min(1, 2 * Binomial.CDF(0.5, won + lost, Math.Min(won, lost)));
        return new TestOutcome(won, chance);
    }

    /// <summary>
    /// Corrects p-values for there being many (Holm 1979): the chance of any false finding among all those called significant is kept.
    /// </summary>
    /// <returns>Corrected p-values in the given order.</returns>
    public static double[] Holm(IReadOnlyList<double> chances)
    {
        var corrected = new double[chances.Count];
        var largest = 0.0;
        var remaining = chances.Count;
        foreach (var index in Enumerable.Range(0, chances.Count).OrderBy(index => chances[index]))
        {
            largest = Math.Max(largest, Math.Min(1, chances[index] * remaining--));
            corrected[index] = largest;
        }

        return corrected;
    }

    /// <summary>Student's t interval of a mean.</summary>
    /// <param name="values">At least one value, none NaN.</param>
    /// <param name="level">Confidence, in (0, 1).</param>
    public static Interval MeanInterval(ReadOnlySpan<double> values, double level = 0.95)
    {
        var (mean, deviation) = Moments(values);
        if (values.Length < 2)
        {
            return new Interval(mean, mean);
        }

        var reach = MathNet.Numerics.Distributions.StudentT.InvCDF(0, 1, values.Length - 1, (1 + level) / 2) * deviation / Math.Sqrt(values.Length);
        return new Interval(mean - reach, mean + reach);
    }

    /// <summary>Ranks of the absolute values of non-zero differences, zeros having taken the lowest ranks; equal values share their mean rank.</summary>
    private static (double[] Ranks, bool[] Positive, int Zeros) SignedRanks(ReadOnlySpan<double> differences)
    {
        var zeros = differences.Count(0.0);
        var signed = new double[differences.Length - zeros];
        var write = 0;
        foreach (var difference in differences)
        {
            if (difference != 0)
            {
                signed[write++] = difference;
            }
        }

        var sizes = Array.ConvertAll(signed, Math.Abs);
        Array.Sort(sizes, signed);
        var ranks = new double[signed.Length];
        for (int start = 0, end; start < sizes.Length; start = end)
        {
            end = start;
            while (end < sizes.Length && sizes[end] == sizes[start])
            {
                end++;
            }

            ranks.AsSpan(start..end).Fill(zeros + ((start + 1 + end) / 2.0));
        }

        return (ranks, Array.ConvertAll(signed, difference => difference > 0), zeros);
    }

    /// <summary>The distribution of the rank sum over all 2^n choices of signs, by adding one rank at a time.</summary>
    private static double ExactSignedRank(double[] ranks, double statistic)
    {
        // Mean ranks are halves, so doubled they are whole.
        var doubled = Array.ConvertAll(ranks, rank => (int)Math.Round(2 * rank));
        var ways = new double[doubled.Sum() + 1];
        ways[0] = 1;
        var reached = 0;
        foreach (var rank in doubled)
        {
            for (var sum = reached; sum >= 0; sum--)
            {
                ways[sum + rank] += ways[sum];
            }

            reached += rank;
        }

        var observed = (int)Math.Round(2 * statistic);
        var all = Math.Pow(2, ranks.Length);
        var below = ways.Take(observed + 1).Sum() / all;
        var above = ways.Skip(observed).Sum() / all;
        return Math.Min(1, 2 * Math.Min(below, above));
    }

    private static double NormalSignedRank(double[] ranks, double statistic, double n, double zeros)
    {
        var mean = ((n * (n + 1)) - (zeros * (zeros + 1))) / 4;
        var variance = ((n * (n + 1) * ((2 * n) + 1)) - (zeros * (zeros + 1) * ((2 * zeros) + 1))) / 24;
        foreach (var tied in ranks.CountBy(rank => rank))
        {
            double count = tied.Value;
            variance -= ((count * count * count) - count) / 48;
        }

        return Math.Min(1, 2 * Normal.CDF(0, 1, -Math.Abs(statistic - mean) / Math.Sqrt(variance)));
    }

    private static double StudentTBelow(double t, double freedom) => MathNet.Numerics.Distributions.StudentT.CDF(0, 1, freedom, t);

    private static (double Mean, double Deviation) Moments(ReadOnlySpan<double> values)
    {
        var mean = 0.0;
        foreach (var value in values)
        {
            mean += value;
        }

        mean /= values.Length;

        var squares = 0.0;
        foreach (var value in values)
        {
            squares += (value - mean) * (value - mean);
        }

        return (mean, values.Length < 2 ? 0 : Math.Sqrt(squares / (values.Length - 1)));
    }
}

/// <summary>The outcome of a two-sided test of "no difference".</summary>
/// <param name="Statistic">The test's statistic.</param>
/// <param name="PValue">The chance of a statistic at least as extreme if there is no difference; 1 where all pairs are equal.</param>
public readonly record struct TestOutcome(double Statistic, double PValue);
