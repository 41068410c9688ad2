using CsCheck;
using Tastemaker.Data;
using Tastemaker.Evaluation.Significance;

namespace Tastemaker.Core.Tests.Evaluation.Significance;

public class PairedTestsTests
{
    [Fact]
    public void Wilcoxon_is_exact_for_few_differences()
    {
        // All five positive: the sum 15 is one of 2^5 sign choices, so p = 2 / 32.
        PairedTests.Wilcoxon([1, 2, 3, 4, 5]).ShouldBe(new TestOutcome(15, 0.0625));
        // Ranks 1, 2, 3 with rank 1 negative: sums of 5 or more are {2,3} and {1,2,3}, 2 of 8.
        PairedTests.Wilcoxon([-1, 2, 3]).ShouldBe(new TestOutcome(5, 0.5));
    }

    [Fact]
    public void Wilcoxon_ranks_zeros_and_drops_them()
    {
        // |d| = 0, 0, 1, 1, 2: ranks 3.5, 3.5, 5 remain. W+ = 8.5; sums of 8.5 or more: 8.5 twice and 12, so 3 of 8.
        PairedTests.Wilcoxon([0, 1, 0, -1, 2]).ShouldBe(new TestOutcome(8.5, 0.75));
        PairedTests.Wilcoxon([0, 0]).PValue.ShouldBe(1);
        PairedTests.Wilcoxon([]).PValue.ShouldBe(1);
    }

    [Fact]
    public void Wilcoxon_equals_the_enumeration_of_all_signs() =>
        Gen.Int[-4, 4].Array[1, 10].Sample(numbers =>
        {
            var differences = Array.ConvertAll(numbers, number => (double)number);
            var sizes = differences.Select(Math.Abs).ToArray();
            double Rank(double size) => sizes.Count(other => other < size) + ((sizes.Count(other => other == size) + 1) / 2.0);
            var ranks = sizes.Where(size => size > 0).Select(Rank).ToArray();
            var observed = differences.Where(difference => difference > 0).Sum(difference => Rank(difference));
            var sums = Enumerable.Range(0, 1 << ranks.Length)
                .Select(signs => ranks.Where((_, index) => (signs >> index & 1) == 1).Sum()).ToArray();
            var expected = Math.Min(1, 2.0 * Math.Min(sums.Count(sum => sum <= observed), sums.Count(sum => sum >= observed)) / sums.Length);

            PairedTests.Wilcoxon(differences).PValue.ShouldBe(expected, 1e-12);
        });

    [Fact]
    public void The_normal_approximation_meets_the_exact_distribution()
    {
        // 60 differences of sizes 1 to 60, every third negative: approximated. Without zeros or ties the moments are n(n+1)/4 and n(n+1)(2n+1)/24.
        var differences = Enumerable.Range(1, 60).Select(size => size % 3 == 0 ? -size : (double)size).ToArray();
        var statistic = differences.Where(difference => difference > 0).Sum();
        var z = (statistic - (60 * 61 / 4.0)) / Math.Sqrt(60 * 61 * 121 / 24.0);

        var result = PairedTests.Wilcoxon(differences);

        result.Statistic.ShouldBe(statistic);
        result.PValue.ShouldBe(2 * MathNet.Numerics.Distributions.Normal.CDF(0, 1, -z), 1e-12);
        result.PValue.ShouldBe(ExactByCounting(60, (int)statistic), 0.002);
    }

    [Fact]
    public void The_normal_approximation_corrects_for_ties_and_zeros()
    {
        // 40 zeros, 60 of size 1: 35 up, 25 down. Every non-zero rank is 40 + 30.5 = 70.5, so the sum's variance is exactly 60 x 70.5^2 / 4.
        double[] differences = [.. Enumerable.Repeat(0.0, 40), .. Enumerable.Repeat(1.0, 35), .. Enumerable.Repeat(-1.0, 25)];
        var z = 70.5 * 5 / Math.Sqrt(60 * 70.5 * 70.5 / 4);

        PairedTests.Wilcoxon(differences).PValue.ShouldBe(2 * MathNet.Numerics.Distributions.Normal.CDF(0, 1, -z), 1e-9);
    }

    [Fact]
    public void Student_t_has_the_value_of_the_closed_form()
    {
        // Differences 1 and 3: mean 2, standard error 1, t = 2 with one degree of freedom (Cauchy): p = 1 - 2 atan(2) / pi.
        var result = PairedTests.StudentT([1, 3]);
        result.Statistic.ShouldBe(2, 1e-12);
        result.PValue.ShouldBe(1 - (2 * Math.Atan(2) / Math.PI), 1e-9);

        // With two degrees of freedom p = 1 - t / sqrt(2 + t^2): differences 1, 2, 3 give t = 2 sqrt(3).
        PairedTests.StudentT([1, 2, 3]).PValue.ShouldBe(1 - (Math.Sqrt(12) / Math.Sqrt(14)), 1e-9);
        PairedTests.StudentT([0, 0, 0]).ShouldBe(new TestOutcome(0, 1));
        PairedTests.StudentT([2, 2, 2]).PValue.ShouldBe(0);
    }

    [Fact]
    public void McNemar_is_the_sign_test_of_the_requests_that_differ()
    {
        // 8 won, 2 lost: p = 2 (1 + 10 + 45) / 1024.
        double[] differences = [.. Enumerable.Repeat(1.0, 8), -1, -1, .. Enumerable.Repeat(0.0, 90)];

        var result = PairedTests.McNemar(differences);

        result.Statistic.ShouldBe(8);
        result.PValue.ShouldBe(112.0 / 1024, 1e-12);
        PairedTests.McNemar([1, -1]).PValue.ShouldBe(1);
        PairedTests.McNemar([0]).PValue.ShouldBe(1);
    }

    [Fact]
    public void Holm_multiplies_step_by_step_and_stays_monotone()
    {
        double[] corrected = PairedTests.Holm([0.01, 0.04, 0.03, 0.005]);

        corrected.Zip([0.03, 0.06, 0.06, 0.02]).ShouldAllBe(pair => Math.Abs(pair.First - pair.Second) < 1e-12);
        PairedTests.Holm([0.5, 0.9]).ShouldBe([1.0, 1.0]);
        PairedTests.Holm([]).ShouldBeEmpty();
    }

    [Fact]
    public void The_interval_of_a_mean_is_students()
    {
        // 1, 2, 3: mean 2, standard error 1 / sqrt(3), t(2, .975) = 4.302652730.
        var interval = PairedTests.MeanInterval([1, 2, 3]);

        interval.Lower.ShouldBe(2 - (4.302652730 / Math.Sqrt(3)), 1e-8);
        interval.Upper.ShouldBe(2 + (4.302652730 / Math.Sqrt(3)), 1e-8);
    }

    [Fact]
    public void The_bootstrap_interval_of_many_values_is_near_the_normal_one()
    {
        var random = new SeededRandom(4);
        var values = Enumerable.Range(0, 1000).Select(_ => random.NextGaussian()).ToArray();
        var student = PairedTests.MeanInterval(values);

        var interval = Bootstrap.MeanIntervals([values], seed: 1)[0];

        interval.Lower.ShouldBe(student.Lower, 0.006);
        interval.Upper.ShouldBe(student.Upper, 0.006);
    }

    [Fact]
    public void The_bootstrap_is_the_same_for_a_seed_and_leaves_gaps_out()
    {
        double[] values = [1, double.NaN, 3, 4, double.NaN];
        var first = Bootstrap.MeanIntervals([values, [7, 7, 7, 7, 7]], seed: 5, resamples: 500);

        Bootstrap.MeanIntervals([values], seed: 5, resamples: 500)[0].ShouldBe(first[0]);
        first[0].Lower.ShouldBeInRange(1, 3);
        first[0].Upper.ShouldBeInRange(3, 4);
        first[1].ShouldBe(new Interval(7, 7));
    }

    [Fact]
    public void The_bootstrap_of_two_values_has_the_quantiles_of_a_coin()
    {
        // Means 0, 1/2, 1 with chances 1/4, 1/2, 1/4: the 95 % interval is [0, 1], the 40 % interval [1/2, 1/2].
        Bootstrap.MeanIntervals([[0, 1]], seed: 2, resamples: 4000)[0].ShouldBe(new Interval(0, 1));
        Bootstrap.MeanIntervals([[0, 1]], seed: 2, resamples: 4000, level: 0.4)[0].ShouldBe(new Interval(0.5, 0.5));
    }

    /// <summary>The two-sided p-value of a rank sum by counting subsets of 1..n.</summary>
    private static double ExactByCounting(int n, int observed)
    {
        var ways = new double[(n * (n + 1) / 2) + 1];
        ways[0] = 1;
        for (var rank = 1; rank <= n; rank++)
        {
            for (var sum = ways.Length - 1; sum >= rank; sum--)
            {
                ways[sum] += ways[sum - rank];
            }
        }

        return 2 * ways.Skip(observed).Sum() / Math.Pow(2, n);
    }
}
