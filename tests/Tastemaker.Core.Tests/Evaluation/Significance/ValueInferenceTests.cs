using Tastemaker.Data;
using Tastemaker.Evaluation;
using Tastemaker.Evaluation.Metrics;
using Tastemaker.Evaluation.Significance;

namespace Tastemaker.Core.Tests.Evaluation.Significance;

public class ValueInferenceTests
{
    [Fact]
    public void Of_one_rating_per_user_the_test_of_rmse_is_the_paired_t_test_of_squared_errors()
    {
        var (own, other) = (Predictions(seed: 1, noise: 1, users: 60, each: 1), Predictions(seed: 2, noise: 1.3, users: 60, each: 1));
        double[] squared = [.. Squares(own).Zip(Squares(other), (mine, its) => mine - its)];

        var difference = ValueMetrics.Find("rmse")!.Estimate(own, other)!.Value;

        difference.Value.ShouldBe(Math.Sqrt(Squares(own).Average()) - Math.Sqrt(Squares(other).Average()), 1e-12);
        difference.Chance.ShouldBe(PairedTests.StudentT(squared).PValue, 1e-9);
    }

    [Fact]
    public void Mae_is_tested_by_absolute_errors_and_rounded_mae_by_those_of_whole_numbers()
    {
        var own = new ValuePredictions([1, 2, 3, 4], [1.4f, 2.6f, 3, 2], [0, 1, 2, 3]);
        var other = new ValuePredictions([1, 2, 3, 4], [1, 2, 3.4f, 4], [0, 1, 2, 3]);

        ValueMetrics.Find("mae")!.Estimate(own, other)!.Value.Value.ShouldBe((0.4 + 0.6 - 0.4 + 2) / 4, 1e-6);
        ValueMetrics.Find("mae-rounded")!.Estimate(own, other)!.Value.Value.ShouldBe((0 + 1 - 0 + 2) / 4.0, 1e-12);
    }

    [Theory]
    [InlineData("rmse")]
    [InlineData("mae")]
    public void Ratings_that_repeat_within_a_user_make_nothing_more_exact(string metric)
    {
        var once = Predictions(seed: 1, noise: 1, users: 40, each: 2);
        var twice = new ValuePredictions([.. once.Values, .. once.Values], [.. once.Predictions, .. once.Predictions], [.. once.Users, .. once.Users]);

        ValueMetrics.Find(metric)!.Estimate(twice)!.Value.Error.ShouldBe(ValueMetrics.Find(metric)!.Estimate(once)!.Value.Error, 1e-12);
    }

    [Fact]
    public void A_lower_rmse_is_better_and_a_twin_is_not_distinguishable()
    {
        var strong = Predictions(seed: 1, noise: 0.5, users: 100, each: 5);

        var table = ComparisonTable.Compare(
            [("weak", Result(Predictions(seed: 2, noise: 1, users: 100, each: 5))), ("strong", Result(strong)), ("twin", Result(strong))],
            new ComparisonOptions { MainMetric = "rmse" });

        table.Rows.Select(row => row.System).ShouldBe(["strong", "twin", "weak"]);
        table.Tests.ShouldBe(4); // rmse and mae of two
        var weak = table.Rows[2].Cells["rmse"];
        weak.Verdict.ShouldBe(Verdict.Worse);
        weak.Difference!.Value.ShouldBe(weak.Mean - table.Rows[0].Cells["rmse"].Mean, 1e-9);
        weak.Interval!.Value.Contains(weak.Mean).ShouldBeTrue();
        table.Rows[1].Cells["mae"].Verdict.ShouldBe(Verdict.NoDifference);
        table.Explain(table.Rows[2]).ShouldStartWith("worse than strong: +0.");
        table.Units.ShouldBe("users");
    }

    [Fact]
    public void A_better_challenger_of_a_named_reference_is_called_better()
    {
        var table = ComparisonTable.Compare(
            [("weak", Result(Predictions(seed: 2, noise: 1, users: 100, each: 5))), ("strong", Result(Predictions(seed: 1, noise: 0.5, users: 100, each: 5)))],
            new ComparisonOptions { MainMetric = "rmse", Reference = "weak" });

        table.Rows[0].Cells["rmse"].Verdict.ShouldBe(Verdict.Better);
    }

    [Fact]
    public void Without_the_predictions_it_is_said_why_there_is_no_test_and_how_to_have_one()
    {
        var strong = Result(Predictions(seed: 1, noise: 0.5, users: 10, each: 5)) with { Values = null };

        var table = ComparisonTable.Compare([("a", strong), ("b", strong)], new ComparisonOptions { MainMetric = "rmse" });

        table.Rows[1].Cells["rmse"].Verdict.ShouldBe(Verdict.NotTested);
        table.Explain(table.Rows[1]).ShouldContain("Delete the run's folder and compare again");
    }

    [Fact]
    public void Results_of_other_values_are_not_compared() => Should.Throw<InputException>(() => ComparisonTable.Compare([
        ("a", Result(new ValuePredictions([1, 2], [1, 1], [0, 1]))), ("b", Result(new ValuePredictions([1, 3], [1, 1], [0, 1])))]))
        .Message.ShouldContain("not measured on one hold-out");

    private static double[] Squares(ValuePredictions of) =>
        [.. of.Values.ToArray().Zip(of.Predictions.ToArray(), (value, prediction) => ((double)value - prediction) * ((double)value - prediction))];

    private static ValuePredictions Predictions(ulong seed, double noise, int users, int each)
    {
        var (truth, random) = (new SeededRandom(9), new SeededRandom(seed));
        float[] values = [.. Enumerable.Range(0, users * each).Select(_ => 1f + truth.Next(5))];
        return new ValuePredictions(
            values, [.. values.Select(value => (float)(value + (noise * ((2 * random.NextDouble()) - 1))))], [.. Enumerable.Range(0, users * each).Select(row => row / each)]);
    }

    private static EvaluationResult Result(ValuePredictions values) => new()
    {
        Metrics = new OrderedDictionary<string, double> { ["rmse"] = ValueMetrics.Find("rmse")!.Measure(values), ["mae"] = ValueMetrics.Find("mae")!.Measure(values) },
        PerRequest = new Dictionary<string, float[]>(),
        Values = values,
        Requests = 1,
        Protocol = "full ranking",
    };
}
