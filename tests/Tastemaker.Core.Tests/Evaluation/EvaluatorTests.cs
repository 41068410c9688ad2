using Tastemaker.Data;
using Tastemaker.Data.Splits;
using Tastemaker.Evaluation;
using Tastemaker.Evaluation.Metrics;

namespace Tastemaker.Core.Tests.Evaluation;

public class EvaluatorTests
{
    private static readonly double Log3 = Math.Log2(3);

    public static TheoryData<string, double> HandComputed => new()
    {
        { "recall@2", (1.0 / 2 + 0 + 2.0 / 3) / 3 },
        { "recall@10", 1 },
        { "recall-min@2", (1.0 / 2 + 0 + 1) / 3 },
        { "precision@2", (1.0 / 2 + 0 + 1) / 3 },
        { "precision@10", (0.2 + 0.1 + 0.3) / 3 },
        { "f1@2", (2 * 1.0 / (2 + 2) + 0 + 2 * 2.0 / (2 + 3)) / 3 },
        { "hr@2", 2.0 / 3 },
        { "hr@3", 2.0 / 3 },
        { "hr@4", 1 },
        { "ndcg@2", (1 / (1 + 1 / Log3) + 0 + 1) / 3 },
        { "ndcg@4", (1.5 / (1 + 1 / Log3) + 1 / Math.Log2(5) + (1 + 1 / Log3) / (1.5 + 1 / Log3)) / 3 },
        { "ndcg-graded@2", (31 / (31 + 7 / Log3) + 0 + (15 + 1 / Log3) / (31 + 15 / Log3)) / 3 },
        { "map@2", (1.0 / 2 + 0 + 1) / 3 },
        { "map@4", ((1 + 2.0 / 3) / 2 + 1.0 / 4 + 2.0 / 3) / 3 },
        { "mrr@2", 2.0 / 3 },
        { "mrr@4", (1 + 0.25 + 1) / 3 },
        { "novelty@2", -(Math.Log2(2.0 / 7) + Math.Log2(1.0 / 7)) / 2 },
        { "arp@2", (1 + 1.5 + 1.5) / 3 },
        { "ild@2", (1 + (1 - Math.Sqrt(0.5)) + 1) / 3 },
        { "coverage@2", 4.0 / 6 },
        { "coverage@10", 5.0 / 6 },
        { "gini@2", 0.5 },
        { "entropy@2", 3 * Math.Log(6) / 6 + Math.Log(2) / 2 },
        { "auc", (4.5 / 6 + 0 + 4.0 / 6) / 3 },
        { "gauc", (5 * 4.5 / 6 + 4 * 0 + 5 * 4.0 / 6) / 14 },
        { "rmse", Math.Sqrt(19.0 / 6) },
        { "mae", 7.0 / 6 },
        { "mae-rounded", 7.0 / 6 },
    };

    [Theory]
    [MemberData(nameof(HandComputed))]
    public void Each_metric_has_the_value_worked_by_hand(string metric, double expected)
    {
        using var predictor = new TablePredictor(
            Cases.Scores, [[0, 4, 9, 0, 0, 0], [0, 0, 0, 2, 0, 0], [0, 3, 2, 0.5f, 0, 0]], minimum: 1, maximum: 5);

        var result = new Evaluator(Cases.Train, Cases.Options(10, metric)).Measure(predictor, Cases.HoldOut);

        result.Metrics[metric].ShouldBe(expected, 1e-12);
        result.Requests.ShouldBe(3);
        result.Protocol.ShouldBe("full ranking");
    }

    [Fact]
    public void Predictions_of_held_out_values_are_kept_with_who_gave_them()
    {
        using var predictor = new TablePredictor(
            Cases.Scores, [[0, 4, 9, 0, 0, 0], [0, 0, 0, 2, 0, 0], [0, 3, 2, 0.5f, 0, 0]], minimum: 1, maximum: 5);

        var values = new Evaluator(Cases.Train, Cases.Options(10, "rmse")).Measure(predictor, Cases.HoldOut).Values.ShouldNotBeNull();

        values.Values.ToArray().ShouldBe([3, 5, 2, 4, 1, 5]);
        values.Predictions.ToArray().ShouldBe([4, 5, 2, 3, 2, 1]);
        values.Users.ToArray().ShouldBe([0, 0, 1, 2, 2, 2]);
    }

    [Fact]
    public void Rounded_mae_rounds_both_sides_and_halves_away_from_zero()
    {
        // |4 - 2|, |2 - 3|, |3 - 3| and |-3 + 2|.
        var values = new ValuePredictions([3.5f, 2, 3, -2.5f], [2.4f, 2.6f, 2.5f, -2.4f], [0, 0, 0, 0]);
        ValueMetrics.Find("mae-rounded")!.Measure(values).ShouldBe(4.0 / 4, 1e-12);
        ValueMetrics.Find("mae")!.Measure(values).ShouldBe((1.1 + 0.6 + 0.5 + 0.1) / 4, 1e-6);
    }

    [Fact]
    public void Every_metric_of_requests_is_in_the_hand_computed_example() =>
        MetricCatalog.All.Where(metric => metric.Kind is not (MetricKind.Pairs or MetricKind.Event)).Select(metric => metric.Name)
            .ShouldBe(HandComputed.Select(row => row.Data.Item1.Split('@')[0]).Distinct(), ignoreOrder: true);

    [Fact]
    public void Figures_of_each_request_are_kept_in_order()
    {
        var result = Evaluate(Cases.Scores, Cases.HoldOut, "recall", "coverage", "auc");

        result.PerRequest.Keys.ShouldBe(["recall@2", "auc"]);
        result.PerRequest["recall@2"].ShouldBe([0.5f, 0, 2f / 3]);
        result.PerRequest["auc"].ShouldBe([0.75f, 0, 2f / 3]);
        result.Exposure!.Counts.ShouldBe([0, 1, 3, 1, 1, 0]);
    }

    [Fact]
    public void Candidates_restrict_the_ranking_and_are_labelled_biased()
    {
        var holdOut = Cases.HoldOut with
        {
            Candidates = SparseRows.FromRows([[1, 2, 4], [3, 5], [1, 2, 3, 4]], 6),
            CandidateLabel = "sampled(2, file)",
        };

        var result = Evaluate(Cases.Scores, holdOut, "recall", "mrr", "auc");

        // User 0 ranks 2, 1, 4; user 1 ranks 5, 3; user 2 ranks 1, 2, 4, 3.
        result.PerRequest["recall@2"].ShouldBe([1, 1, 2f / 3]);
        result.PerRequest["mrr@2"].ShouldBe([1, 0.5f, 1]);
        result.PerRequest["auc"].ShouldBe([1, 0, 2f / 3]);
        result.Exposure!.Counts.ShouldBe([0, 2, 2, 1, 0, 1]);
        result.Protocol.ShouldBe("sampled(2, file): biased, comparable only with the same candidates");
    }

    [Fact]
    public void All_items_as_candidates_are_full_ranking()
    {
        var (train, holdOut, scores) = Cases.Random(seed: 13, users: 40, items: 30, levels: 5);
        var all = holdOut with { Candidates = SparseRows.FromRows([.. Enumerable.Range(0, 40).Select(_ => Enumerable.Range(0, 30).ToArray())], 30) };

        new Evaluator(train, Cases.AllMetrics).Measure(new TableRecommender(scores), all).Metrics
            .ShouldBe(new Evaluator(train, Cases.AllMetrics).Measure(new TableRecommender(scores), holdOut).Metrics);
    }

    [Theory]
    [InlineData(float.NaN, "NaN")]
    [InlineData(float.PositiveInfinity, "infinite")]
    [InlineData(float.NegativeInfinity, "infinite")]
    public void A_score_that_is_not_finite_is_refused_naming_system_and_request(float bad, string named)
    {
        var (train, holdOut, scores) = Cases.Random(seed: 14, users: 50, items: 30, levels: 5);
        scores[17][29] = bad;
        scores[40][0] = bad;

        var problem = Should.Throw<InvalidOperationException>(() => new Evaluator(train, Cases.Options(5)).Measure(new TableRecommender(scores), holdOut));

        problem.Message.ShouldContain("'table'");
        problem.Message.ShouldContain("request 17, item 29");
        problem.Message.ShouldContain(named);
    }

    [Fact]
    public void Excluded_items_are_never_listed_and_may_be_all()
    {
        var holdOut = Cases.Hold(3, [[1], [2]], excluded: [[0, 2], [0, 1, 2]]);

        var result = new Evaluator(Cases.Training(2, 3, (0, 0)), Cases.Options(5, "recall", "ild", "auc")).Measure(new TableRecommender([[9, 1, 9], [9, 9, 9]]), holdOut);

        result.PerRequest["recall@5"].ShouldBe([1, 0]);
        result.Exposure!.Counts.ShouldBe([0, 1, 0]);
        result.Metrics.Keys.ShouldBe(["recall@5"]);
        result.Notes.ShouldContain("ild@5 is undefined for every request and was left out.");
        result.Notes.ShouldContain(note => note.StartsWith("1 targets are excluded"));
    }

    [Fact]
    public void Requests_without_targets_are_skipped_and_counted()
    {
        var result = new Evaluator(Cases.Training(2, 3, (0, 0)), Cases.Options(1, "recall")).Measure(new TableRecommender([[1, 2, 3], [1, 2, 3]]), Cases.Hold(3, [[2], []]));

        result.Metrics["recall@1"].ShouldBe(1);
        result.Requests.ShouldBe(1);
        result.PerRequest["recall@1"][1].ShouldBe(float.NaN);
        result.Notes.ShouldContain(note => note.StartsWith("1 of 2 requests have no targets"));
    }

    [Fact]
    public void Targets_never_trained_on_are_reported() =>
        Evaluate(Cases.Scores, Cases.HoldOut, "recall").Notes.ShouldContain(note => note.StartsWith("2 of 6 test targets (33.33 %)"));

    [Fact]
    public void The_default_set_holds_value_metrics_only_for_predictors()
    {
        var evaluator = new Evaluator(Cases.Train, Cases.Options(2));
        using var predictor = new TablePredictor(Cases.Scores, Cases.Scores, 1, 5);

        evaluator.Measure(new TableRecommender(Cases.Scores), Cases.HoldOut).Metrics.Keys.ShouldNotContain("rmse");
        evaluator.Measure(predictor, Cases.HoldOut).Metrics.Keys.ShouldContain("rmse");
        evaluator.Measure(predictor, Cases.HoldOut).Metrics.Keys.ShouldContain("ndcg@2");
    }

    [Fact]
    public void Problems_are_named_all_at_once()
    {
        var evaluator = new Evaluator(Cases.Train, Cases.Options(2, "rmse", "logloss") with { Threads = 0 });
        var holdOut = Cases.Hold(6, [[7], [2, 1], [1]], candidates: [[1], [1]]);

        var problems = Should.Throw<InputException>(() => evaluator.Measure(new TableRecommender(Cases.Scores), holdOut)).Problems;

        problems.ShouldContain(problem => problem.Contains("0 threads"));
        problems.ShouldContain(problem => problem.Contains("'rmse' needs predicted values"));
        problems.ShouldContain(problem => problem.Contains("'rmse' needs held-out values"));
        problems.ShouldContain(problem => problem.Contains("'logloss' is measured on labelled rows"));
        problems.ShouldContain(problem => problem.Contains("item 7"));
        problems.ShouldContain(problem => problem.Contains("2 rows of candidates"));
    }

    [Fact]
    public void A_target_that_is_no_candidate_is_refused() =>
        Should.Throw<InputException>(() => Evaluate([[1, 2, 3, 4, 5, 6]], Cases.Hold(6, [[2]], candidates: [[1, 3]]), "recall"))
            .Problems.ShouldHaveSingleItem().ShouldContain("lack its target, item 2");

    [Fact]
    public void Progress_is_told_and_cancellation_heard()
    {
        var (train, holdOut, scores) = Cases.Random(seed: 15, users: 10, items: 20, levels: 5);
        var told = new List<int>();
        using var source = new CancellationTokenSource();
        var evaluator = new Evaluator(train, Cases.Options(5) with { BlockBytes = 4 * 20 * sizeof(float) });

        evaluator.Evaluate(new TableRecommender(scores), holdOut, new Recorder(told.Add), TestContext.Current.CancellationToken);
        told.ShouldBe([4, 8, 10]);

        Should.Throw<OperationCanceledException>(() => evaluator.Evaluate(
            new TableRecommender(scores), holdOut, new Recorder(_ => source.Cancel()), source.Token));
    }

    private static EvaluationResult Evaluate(float[][] scores, HoldOut holdOut, params string[] metrics) =>
        new Evaluator(Cases.Train, Cases.Options(2, metrics)).Measure(new TableRecommender(scores), holdOut);

    private sealed class Recorder(Action<int> action) : IProgress<int>
    {
        public void Report(int value) => action(value);
    }
}
