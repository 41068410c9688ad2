using Tastemaker.Evaluation;
using Tastemaker.Evaluation.Clicks;
using Tastemaker.Evaluation.Significance;

namespace Tastemaker.Core.Tests.Evaluation.Significance;

public class RowInferenceTests
{
    private static readonly RowInference Inference = new();

    [Theory]
    [InlineData(4)]
    [InlineData(1000)]
    public void The_variance_of_a_difference_is_delongs_by_all_pairs(int levels)
    {
        var first = Alone(ClickCases.Random(seed: 3, rows: 60, users: 1, skill: 0.5, levels));
        var second = Alone(ClickCases.Random(seed: 4, rows: 60, users: 1, skill: 0.2, levels));

        var estimate = Inference.Estimate("auc", first, second)!.Value;

        estimate.Value.ShouldBe(BruteForce.Auc(first) - BruteForce.Auc(second), 1e-12);
        estimate.Error.ShouldBe(Math.Sqrt(BruteForce.Variance(first, second)), 1e-12);
        Inference.Estimate("auc", first)!.Value.Error.ShouldBe(Math.Sqrt(BruteForce.Variance(first, null)), 1e-12);
    }

    [Fact]
    public void One_user_counts_as_many_rows()
    {
        var rows = ClickCases.Random(seed: 3, rows: 60, users: 1, skill: 0.5);

        foreach (var metric in new[] { "auc", "logloss", "accuracy" })
        {
            Inference.Estimate(metric, rows).ShouldBe(Inference.Estimate(metric, Alone(rows)));
        }

        Inference.Estimate("gauc", rows).ShouldBeNull();
    }

    [Theory]
    [InlineData("auc")]
    [InlineData("logloss")]
    [InlineData("accuracy")]
    public void Rows_said_again_by_their_user_add_no_certainty(string metric)
    {
        var rows = Alone(ClickCases.Random(seed: 3, rows: 60, users: 1, skill: 0.5));
        var twice = new ClickPredictions([.. rows.Labels, .. rows.Labels], [.. rows.Probabilities, .. rows.Probabilities], [.. rows.Users, .. rows.Users]);

        var (once, again) = (Inference.Estimate(metric, rows)!.Value, Inference.Estimate(metric, twice)!.Value);

        again.Value.ShouldBe(once.Value, 1e-12);
        again.Error.ShouldBe(once.Error, 1e-12);
    }

    [Fact]
    public void The_error_of_a_mean_over_independent_rows_is_the_usual_one()
    {
        var rows = Alone(ClickCases.Hand);
        var right = new[] { 1.0, 1, 0, 1, 0, 1, 0, 1 };
        var variance = right.Sum(value => (value - 0.625) * (value - 0.625)) / 7;

        Inference.Estimate("accuracy", rows)!.Value.Error.ShouldBe(Math.Sqrt(variance / 8), 1e-12);
    }

    [Fact]
    public void The_error_of_group_auc_is_between_users() =>
        // Users 0 and 1 weigh alike and have 1 and 0.75.
        Inference.Estimate("gauc", ClickCases.Hand)!.Value.ShouldBe(new RowEstimate(0.875, 0.125, 2));

    [Fact]
    public void A_system_against_itself_has_no_difference_and_no_chance_of_one()
    {
        var rows = ClickCases.Random(seed: 3, rows: 60, users: 5, skill: 0.5);

        foreach (var metric in RowInference.Metrics)
        {
            var estimate = Inference.Estimate(metric, rows, rows)!.Value;
            (estimate.Value, estimate.Error, estimate.Chance).ShouldBe((0, 0, 1));
        }
    }

    [Fact]
    public void Where_a_class_is_missing_there_is_no_estimate() =>
        Inference.Estimate("auc", new ClickPredictions([true, true], [0.1f, 0.9f], [0, 1])).ShouldBeNull();

    [Fact]
    public void A_better_predictor_is_found_and_a_twin_is_not_distinguishable()
    {
        var strong = ClickCases.Random(seed: 6, rows: 2000, users: 300, skill: 0.6);

        var table = ComparisonTable.Compare([
            ("weak", Result(ClickCases.Random(seed: 7, rows: 2000, users: 300, skill: 0.3))), ("strong", Result(strong)), ("twin", Result(strong))]);

        table.MainMetric.ShouldBe("auc");
        table.Reference.ShouldBe("strong");
        table.Tests.ShouldBe(2 * RowInference.Metrics.Count);
        var weak = table.Rows[2].Cells["auc"];
        weak.Verdict.ShouldBe(Verdict.Worse);
        weak.Interval!.Value.Contains(weak.Mean).ShouldBeTrue();
        weak.DifferenceInterval!.Value.Upper.ShouldBeLessThan(0);
        weak.PValue!.Value.ShouldBeLessThan(0.001);
        table.Rows[1].Cells["auc"].Verdict.ShouldBe(Verdict.NoDifference);
        table.Rows[1].Cells["ece"].Interval.ShouldBeNull();
        table.Explain(table.Rows[2]).ShouldStartWith("worse than strong: -0.");
    }

    [Fact]
    public void Lower_log_loss_is_better()
    {
        var options = new ComparisonOptions { MainMetric = "logloss" };

        var table = ComparisonTable.Compare([
            ("weak", Result(ClickCases.Random(seed: 7, rows: 2000, users: 300, skill: 0.3))), ("strong", Result(ClickCases.Random(seed: 6, rows: 2000, users: 300, skill: 0.6)))], options);

        table.Rows.Select(row => row.System).ShouldBe(["strong", "weak"]);
        table.Rows[1].Cells["logloss"].Verdict.ShouldBe(Verdict.Worse);
        table.Rows[1].Cells["logloss"].Difference!.Value.ShouldBeGreaterThan(0);
    }

    [Fact]
    public void Results_of_other_rows_are_not_compared() =>
        Should.Throw<InputException>(() => ComparisonTable.Compare([
            ("a", Result(ClickCases.Random(seed: 6, rows: 200, users: 30, skill: 0.6))),
            ("b", Result(ClickCases.Random(seed: 6, rows: 200, users: 30, skill: 0.6, labelSeed: 9)))])).Message.ShouldContain("not measured on one hold-out");

    private static ClickPredictions Alone(ClickPredictions rows) =>
        new(rows.Labels.ToArray(), rows.Probabilities.ToArray(), [.. Enumerable.Range(0, rows.Count)]);

    private static EvaluationResult Result(ClickPredictions rows) => new()
    {
        Metrics = new OrderedDictionary<string, double>(MetricCatalog.OfRows.Select(key => KeyValuePair.Create(key.Name, rows.Measure(key.Name)))),
        PerRequest = new Dictionary<string, float[]>(),
        Clicks = rows,
        Requests = 0,
        Protocol = "labelled rows",
    };

    /// <summary>AUC and its variance as DeLong et al. write them: every positive against every negative.</summary>
    private static class BruteForce
    {
        public static double Auc(ClickPredictions rows) => Kernel(rows).Sum(line => line.Sum()) / (rows.Positives * (double)(rows.Count - rows.Positives));

        public static double Variance(ClickPredictions first, ClickPredictions? second)
        {
            var own = Kernel(first);
            var kernel = second is null ? own : [.. own.Zip(Kernel(second), (a, b) => a.Zip(b, (x, y) => x - y).ToArray())];
            double[] ofPositives = [.. kernel.Select(line => line.Average())];
            double[] ofNegatives = [.. Enumerable.Range(0, kernel[0].Length).Select(negative => kernel.Average(line => line[negative]))];
            return (Spread(ofPositives) / ofPositives.Length) + (Spread(ofNegatives) / ofNegatives.Length);
        }

        private static double Spread(double[] values) => values.Sum(value => Math.Pow(value - values.Average(), 2)) / (values.Length - 1);

        private static double[][] Kernel(ClickPredictions rows)
        {
            var pairs = rows.Labels.ToArray().Zip(rows.Probabilities.ToArray()).ToArray();
            var negatives = pairs.Where(pair => !pair.First).Select(pair => pair.Second).ToArray();
            return [.. pairs.Where(pair => pair.First).Select(pair => negatives.Select(other => pair.Second > other ? 1 : pair.Second == other ? 0.5 : 0).ToArray())];
        }
    }
}
