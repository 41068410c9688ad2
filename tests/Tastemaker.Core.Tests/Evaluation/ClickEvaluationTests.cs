using Tastemaker.Data;
using Tastemaker.Data.Splits;
using Tastemaker.Evaluation;
using Tastemaker.Evaluation.Clicks;

namespace Tastemaker.Core.Tests.Evaluation;

public class ClickEvaluationTests
{
    private static readonly string[] ClickMetrics = ["auc", "gauc", "logloss", "normalized-entropy", "calibration", "ece", "accuracy", "pr-auc"];

    // Entropy of the share of positives, 5 of 8.
    private static readonly double Base = -((0.625 * Math.Log(0.625)) + (0.375 * Math.Log(0.375)));

    private static readonly double HandLoss = -(Math.Log(0.9) + Math.Log(0.8) + Math.Log(0.4) + Math.Log(0.5) + Math.Log(0.5) + Math.Log(0.8) + Math.Log(0.3) + Math.Log(0.7)) / 8;

    public static TheoryData<string, double> HandComputed => new()
    {
        // Negatives at 0.2, 0.5, 0.6: the positive 0.9 is above 3, 0.8 above 3, 0.7 above 3, 0.5 above 1 and ties 1, 0.3 above 1.
        { "auc", (3 + 3 + 3 + 1.5 + 1) / 15 },
        // User 0: 1; user 1: 0.5 ties and 0.8 is above; user 2 has no negative.
        { "gauc", ((3 * 1) + (3 * 0.75)) / 6 },
        { "logloss", HandLoss },
        { "normalized-entropy", HandLoss / Base },
        { "calibration", 4.5 / 5 },
        // Eight rows in 20 bins: each alone but for the two of 0.5.
        { "ece", (0.1 + 0.2 + 0.6 + 0.2 + 0.7 + 0.3 + (2 * 0)) / 8 },
        { "accuracy", 5.0 / 8 },
        // Descending: 0.9, 0.8, 0.7 hit; 0.6 misses; 0.5 twice, one hit; 0.3 hits; 0.2 misses.
        { "pr-auc", (1 + 1 + 1 + (4.0 / 6) + (5.0 / 7)) / 5 },
    };

    [Theory]
    [MemberData(nameof(HandComputed))]
    public void Each_click_metric_has_the_value_worked_by_hand(string metric, double expected)
    {
        var result = Measure(ClickCases.Hand, metric);

        result.Metrics.Keys.ShouldBe([metric]);
        result.Metrics[metric].ShouldBe(expected, 1e-6);
    }

    [Fact]
    public void All_click_metrics_are_the_default_set_and_each_is_worked_by_hand()
    {
        var result = Measure(ClickCases.Hand);

        result.Metrics.Keys.ShouldBe(ClickMetrics);
        HandComputed.Select(row => row.Data.Item1).ShouldBe(ClickMetrics);
        result.Protocol.ShouldBe("labelled rows");
        result.Requests.ShouldBe(0);
        result.PerRequest.ShouldBeEmpty();
        result.Exposure.ShouldBeNull();
    }

    [Fact]
    public void What_was_predicted_is_kept_beside_labels_and_users()
    {
        var clicks = Measure(ClickCases.Hand).Clicks!;

        clicks.HasRowsOf(ClickCases.Hand).ShouldBeTrue();
        clicks.Probabilities.ToArray().ShouldBe(ClickCases.Hand.Probabilities.ToArray());
        clicks.Positives.ShouldBe(5);
    }

    [Fact]
    public void A_constant_at_the_base_rate_ranks_by_chance_is_calibrated_and_has_learned_nothing()
    {
        var metrics = Measure(Constant([true, false, false, false], 0.25f)).Metrics;

        metrics["auc"].ShouldBe(0.5);
        metrics["calibration"].ShouldBe(1, 1e-6);
        metrics["normalized-entropy"].ShouldBe(1, 1e-6);
        metrics["ece"].ShouldBe(0, 1e-6);
        metrics["pr-auc"].ShouldBe(0.25, 1e-12);
    }

    [Theory]
    [InlineData(true, "no row has label 0", new[] { "logloss", "calibration", "ece", "accuracy", "pr-auc" })]
    [InlineData(false, "no row has label 1", new[] { "logloss", "ece", "accuracy" })]
    public void Where_a_class_is_missing_what_needs_it_is_left_out_with_the_reason(bool label, string reason, string[] left)
    {
        var result = Measure(Constant([label, label, label], 0.5f));

        result.Metrics.Keys.ShouldBe(left);
        result.Notes.ShouldContain($"auc is undefined, because {reason}, and was left out.");
    }

    [Fact]
    public void Rows_of_unknown_users_and_items_are_counted_in_a_note() =>
        // Trained on are users 0 to 4 and items 0, 1, 2, 4 of the example; rows are of items 0 to 5, 0, 1.
        Measure(ClickCases.Hand).Notes.ShouldContain(note => note.StartsWith("Of 8 labelled rows, 0 are of users and 2 of items"));

    [Fact]
    public void Many_rows_are_asked_for_in_blocks_with_progress()
    {
        var rows = ClickCases.Random(seed: 1, rows: 100_000, users: 5, skill: 0.5);
        using var table = new ClickTable(rows.Probabilities.ToArray());
        var told = new List<int>();

        var result = new Evaluator(Cases.Train, Cases.Options(5)).Evaluate(
            table, ClickCases.HoldOut(rows), new Recorder(told.Add), TestContext.Current.CancellationToken);

        table.Blocks.ShouldBe([65_536, 34_464]);
        told.ShouldBe([65_536, 100_000]);
        result.Clicks!.Probabilities.ToArray().ShouldBe(rows.Probabilities.ToArray());
    }

    [Fact]
    public void Cancellation_is_heard_between_blocks()
    {
        var rows = ClickCases.Random(seed: 1, rows: 100_000, users: 5, skill: 0.5);
        using var source = new CancellationTokenSource();
        using var table = new ClickTable(rows.Probabilities.ToArray());

        Should.Throw<OperationCanceledException>(() => new Evaluator(Cases.Train, Cases.Options(5)).Evaluate(
            table, ClickCases.HoldOut(rows), new Recorder(_ => source.Cancel()), source.Token));
        table.Blocks.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(-0.01f)]
    [InlineData(1.01f)]
    [InlineData(float.PositiveInfinity)]
    public void A_prediction_that_is_no_probability_is_refused_naming_system_and_row(float bad)
    {
        float[] probabilities = [.. ClickCases.Hand.Probabilities];
        probabilities[4] = bad;
        using var table = new ClickTable(probabilities);

        var problem = Should.Throw<InvalidOperationException>(() => new Evaluator(Cases.Train, Cases.Options(5)).Measure(table, ClickCases.HoldOut(ClickCases.Hand)));

        problem.Message.ShouldContain("'table'");
        problem.Message.ShouldContain("row 4 (user 'u1', item 'i4')");
    }

    [Fact]
    public void Ranking_metrics_are_taken_beside_clicks_where_named_and_there_are_requests()
    {
        var holdOut = Cases.HoldOut with { Impressions = ClickCases.HoldOut(ClickCases.Hand).Impressions };
        using var table = new ClickTable(ClickCases.Hand.Probabilities.ToArray(), Cases.Scores);

        var result = new Evaluator(Cases.Train, Cases.Options(2, "ndcg", "auc")).Measure(table, holdOut);

        result.Metrics["ndcg@2"].ShouldBe(new Evaluator(Cases.Train, Cases.Options(2, "ndcg")).Measure(new TableRecommender(Cases.Scores), Cases.HoldOut).Metrics["ndcg@2"]);
        result.Metrics["auc"].ShouldBe(11.5 / 15, 1e-9);
        result.Protocol.ShouldBe("labelled rows; full ranking");
        result.Requests.ShouldBe(3);
        new Evaluator(Cases.Train, Cases.Options(2)).Measure(table, holdOut).Metrics.Keys.ShouldBe(ClickMetrics);
    }

    [Fact]
    public void A_system_that_only_ranks_is_measured_on_the_requests_of_labelled_data()
    {
        var holdOut = Cases.HoldOut with { Impressions = ClickCases.HoldOut(ClickCases.Hand).Impressions };

        var result = new Evaluator(Cases.Train, Cases.Options(2)).Measure(new TableRecommender(Cases.Scores), holdOut);

        result.Metrics.Keys.ShouldContain("ndcg@2");
        result.Metrics.Keys.ShouldNotContain("logloss");
        result.Protocol.ShouldBe("full ranking");
        Should.Throw<InputException>(() => new Evaluator(Cases.Train, Cases.Options(2, "auc")).Measure(new TableRecommender(Cases.Scores), holdOut))
            .Problems.ShouldHaveSingleItem().ShouldContain("'auc' on labelled rows needs predicted probabilities");
    }

    [Fact]
    public void Without_requests_a_system_that_only_ranks_is_refused_with_the_remedy() =>
        Should.Throw<InputException>(() => new Evaluator(Cases.Train, Cases.Options(2)).Measure(new TableRecommender(Cases.Scores), ClickCases.HoldOut(ClickCases.Hand)))
            .Problems.ShouldHaveSingleItem().ShouldContain("Take a system that predicts clicks");

    [Fact]
    public void What_labelled_rows_cannot_give_is_refused()
    {
        using var table = new ClickTable(ClickCases.Hand.Probabilities.ToArray());
        var holdOut = ClickCases.HoldOut(ClickCases.Hand);
        var rows = holdOut.Impressions!;
        var bad = holdOut with { Impressions = rows.WithInteractions(new Interactions([.. rows.Interactions.Users], [.. rows.Interactions.Items], [0, 1, 0.5f, 1, 1, 1, 1, 1])) };

        Should.Throw<InputException>(() => new Evaluator(Cases.Train, Cases.Options(2, "ndcg", "auc")).Measure(table, holdOut))
            .Problems.ShouldHaveSingleItem().ShouldContain("'ndcg@2' is measured on requests");
        Should.Throw<InputException>(() => new Evaluator(Cases.Train, Cases.Options(2)).Measure(table, bad))
            .Problems.ShouldHaveSingleItem().ShouldContain("The label of row 2 is 0.5");
        Should.Throw<InputException>(() => new Evaluator(Cases.Train, Cases.Options(2)).Measure(table, ClickCases.HoldOut(ClickCases.Hand, users: 4)))
            .Problems.ShouldHaveSingleItem().ShouldContain("they are of other data");
    }

    [Fact]
    public void Reliability_bins_hold_all_rows_in_order_and_never_part_equal_predictions()
    {
        var rows = ClickCases.Random(seed: 2, rows: 1000, users: 3, skill: 0.5, levels: 37);

        var bins = rows.Reliability(10);

        bins.Sum(bin => bin.Count).ShouldBe(1000);
        bins.Sum(bin => bin.Count * bin.Observed).ShouldBe(rows.Positives, 1e-9);
        bins.Zip(bins.Skip(1)).ShouldAllBe(pair => pair.First.Predicted < pair.Second.Predicted);
        bins.Count.ShouldBeInRange(8, 10);
        Constant([true, false], 0.5f).Reliability(10).ShouldBe([new ReliabilityBin(2, 0.5, 0.5)]);
    }

    [Fact]
    public void Equal_counts_make_the_bins_worked_by_hand() =>
        new ClickPredictions([false, true, true, true], [0.1f, 0.3f, 0.6f, 1], [0, 0, 0, 0]).Reliability(2).Select(bin => (bin.Count, Math.Round(bin.Predicted, 6), bin.Observed))
            .ShouldBe([(2, 0.2, 0.5), (2, 0.8, 1)]);

    private static ClickPredictions Constant(bool[] labels, float probability) =>
        new(labels, [.. labels.Select(_ => probability)], new int[labels.Length]);

    private static EvaluationResult Measure(ClickPredictions rows, params string[] metrics)
    {
        using var table = new ClickTable(rows.Probabilities.ToArray());
        return new Evaluator(Cases.Train, Cases.Options(2, metrics)).Measure(table, ClickCases.HoldOut(rows));
    }

    private sealed class Recorder(Action<int> action) : IProgress<int>
    {
        public void Report(int value) => action(value);
    }
}
