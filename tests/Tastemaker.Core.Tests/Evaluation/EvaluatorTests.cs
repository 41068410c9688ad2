using Tastemaker.Data;
using Tastemaker.Data.Splits;
using Tastemaker.Evaluation;

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
    public void Every_metric_but_log_loss_is_in_the_hand_computed_example() =>
        MetricCatalog.All.Select(metric => metric.Name).Except(HandComputed.Select(row => row.Data.Item1.Split('@')[0])).ShouldBe(["logloss"]);

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
    public void A_perfect_scorer_gets_1_and_its_inverse_0()
    {
        var (train, holdOut, _) = Cases.Random(seed: 3, users: 20, items: 40, levels: 1);
        var perfect = Table(20, 40, (user, item) => holdOut.Targets.SortedRowContains(user, item) ? 1 : 0);
        string[] metrics = ["recall", "recall-min", "hr", "ndcg", "ndcg-graded", "map", "mrr", "auc", "gauc"];

        var best = new Evaluator(train, Cases.Options(10, metrics)).Measure(new TableRecommender(perfect), holdOut);
        var worst = new Evaluator(train, Cases.Options(10, metrics)).Measure(new TableRecommender(Transform(perfect, score => -score)), holdOut);

        best.Metrics.Values.ShouldAllBe(value => Math.Abs(value - 1) < 1e-12);
        worst.Metrics.Values.ShouldAllBe(value => value == 0);
    }

    [Fact]
    public void A_random_scorer_gets_what_chance_gives()
    {
        var (train, holdOut, scores) = Cases.Random(seed: 5, users: 2000, items: 43, levels: 1 << 24);

        var result = new Evaluator(train, Cases.Options(10, "recall", "precision", "auc")).Measure(new TableRecommender(scores), holdOut);

        // 40 candidates: recall 10 / 40, within four standard errors.
        result.Metrics["recall@10"].ShouldBe(0.25, 4 * 0.27 / Math.Sqrt(2000));
        result.Metrics["auc"].ShouldBe(0.5, 4 * 0.2 / Math.Sqrt(2000));
    }

    [Fact]
    public void A_constant_scorer_gets_chance_under_the_expected_rule_and_nothing_under_the_conservative()
    {
        int[][] targets = [[5], [1, 2], [0, 20, 39]];
        var holdOut = Cases.Hold(40, targets);
        var train = Cases.Training(3, 40, (0, 0));
        var constant = Table(3, 40, (_, _) => 0.5f);
        EvaluationResult Under(TieRule rule) =>
            new Evaluator(train, Cases.Options(10, "recall", "hr", "auc") with { Ties = rule }).Measure(new TableRecommender(constant), holdOut);

        Under(TieRule.Expected).Metrics["recall@10"].ShouldBe(10.0 / 40, 1e-12);
        Under(TieRule.Expected).PerRequest["hr@10"][1].ShouldBe((float)(1 - (30.0 * 29 / (40 * 39))), 1e-6f);
        Under(TieRule.Conservative).Metrics["recall@10"].ShouldBe(0);
        Under(TieRule.ByItem).Metrics["recall@10"].ShouldBe((1 + 1 + 1.0 / 3) / 3, 1e-12);
        foreach (var rule in Enum.GetValues<TieRule>())
        {
            Under(rule).Metrics["auc"].ShouldBe(0.5, 1e-12);
        }
    }

    [Fact]
    public void The_expected_rule_is_the_mean_over_all_orders_of_the_items()
    {
        float[] scores = [2, 1, 2, 2, 1, 0];
        int[] targets = [0, 1, 2, 5];
        float[] grades = [1, 3, 2, 2];
        var train = Cases.Training(1, 6, (0, 0));
        string[] metrics = ["recall", "recall-min", "precision", "hr", "ndcg", "ndcg-graded", "map", "mrr"];
        var options = Cases.Options(1, metrics) with { Cutoffs = [1, 2, 3, 4, 6, 8] };
        var orders = Permutations(6).ToArray();
        var sums = new Dictionary<string, double>();

        foreach (var order in orders)
        {
            var relabelled = new float[6];
            foreach (var item in Enumerable.Range(0, 6))
            {
                relabelled[order[item]] = scores[item];
            }

            var sorted = targets.Select((target, index) => (Item: order[target], Grade: grades[index])).OrderBy(pair => pair.Item).ToArray();
            var holdOut = Graded([.. sorted.Select(pair => pair.Item)], [.. sorted.Select(pair => pair.Grade)]);
            foreach (var (name, value) in new Evaluator(train, options).Measure(new TableRecommender([relabelled]), holdOut).Metrics)
            {
                sums[name] = sums.GetValueOrDefault(name) + value;
            }
        }

        var expected = new Evaluator(train, options with { Ties = TieRule.Expected }).Measure(new TableRecommender([scores]), Graded(targets, grades));
        foreach (var (name, value) in expected.Metrics)
        {
            value.ShouldBe(sums[name] / orders.Length, 1e-12, name);
        }
    }

    [Fact]
    public void The_conservative_rule_ranks_targets_last_among_equals()
    {
        var result = new Evaluator(Cases.Train, Cases.Options(2, "recall", "mrr") with { Ties = TieRule.Conservative, Cutoffs = [1, 2] })
            .Measure(new TableRecommender(Cases.Scores), Cases.HoldOut);

        result.PerRequest["recall@1"][0].ShouldBe(0);
        result.PerRequest["recall@2"][0].ShouldBe(0.5f);
        result.PerRequest["mrr@2"][0].ShouldBe(0.5f);
        result.Notes.ShouldContain(note => note.Contains("Conservative"));
    }

    [Fact]
    public void Relabelling_items_changes_nothing()
    {
        var (train, holdOut, scores) = Cases.Random(seed: 8, users: 30, items: 60, levels: 1 << 24);
        var order = Enumerable.Range(0, 60).ToArray();
        new SeededRandom(1).Shuffle<int>(order);
        int[] Map(ReadOnlySpan<int> items) => [.. items.ToArray().Select(item => order[item]).Order()];
        int[][] Rows(SparseRows rows) => [.. Enumerable.Range(0, rows.RowCount).Select(row => Map(rows[row]))];
        var moved = Cases.Hold(60, Rows(holdOut.Targets), Rows(holdOut.Excluded!));
        var movedTrain = Cases.Training(30, 60, [.. Enumerable.Range(0, train.Interactions.Count).Select(row => (train.Interactions.Users[row], order[train.Interactions.Items[row]]))]);
        var movedScores = Table(30, 60, (user, item) => scores[user][Array.IndexOf(order, item)]);

        var before = new Evaluator(train, AllMetrics).Measure(new TableRecommender(scores), holdOut).Metrics;
        var after = new Evaluator(movedTrain, AllMetrics).Measure(new TableRecommender(movedScores), moved).Metrics;

        foreach (var (name, value) in before)
        {
            after[name].ShouldBe(value, 1e-9, name);
        }
    }

    [Fact]
    public void A_monotone_transform_of_the_scores_changes_nothing()
    {
        var (train, holdOut, scores) = Cases.Random(seed: 9, users: 30, items: 60, levels: 20);
        var before = new Evaluator(train, AllMetrics).Measure(new TableRecommender(scores), holdOut).Metrics;
        var after = new Evaluator(train, AllMetrics).Measure(new TableRecommender(Transform(scores, score => MathF.Exp(score / 4) - 100)), holdOut).Metrics;

        after.ShouldBe(before);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 2)]
    [InlineData(7, 2)]
    [InlineData(100, 1)]
    [InlineData(100, 3)]
    public void Block_size_and_threads_change_nothing(int blockRows, int threads)
    {
        var (train, holdOut, scores) = Cases.Random(seed: 11, users: 100, items: 50, levels: 12);
        using var recommender = new TableRecommender(scores);
        var whole = new Evaluator(train, AllMetrics).Measure(new TableRecommender(scores), holdOut);

        var blocked = new Evaluator(train, AllMetrics with { BlockBytes = blockRows * 50 * sizeof(float), Threads = threads }).Measure(recommender, holdOut);

        recommender.Calls.ShouldBe((100 + blockRows - 1) / blockRows);
        blocked.Metrics.ShouldBe(whole.Metrics);
        blocked.Exposure!.Counts.ShouldBe(whole.Exposure!.Counts);
        foreach (var (name, values) in whole.PerRequest)
        {
            blocked.PerRequest[name].ShouldBe(values, name);
        }
    }

    [Fact]
    public void A_planted_leak_shows_as_a_jump()
    {
        var (train, holdOut, scores) = Cases.Random(seed: 12, users: 200, items: 80, levels: 1 << 20);
        var leaking = Table(200, 80, (user, item) => scores[user][item] + (holdOut.Targets[user][0] == item ? 1 << 20 : 0));

        var honest = new Evaluator(train, Cases.Options(10, "ndcg")).Measure(new TableRecommender(scores), holdOut).Metrics["ndcg@10"];
        var leaked = new Evaluator(train, Cases.Options(10, "ndcg")).Measure(new TableRecommender(leaking), holdOut).Metrics["ndcg@10"];

        leaked.ShouldBeGreaterThan(honest + 0.3);
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

        new Evaluator(train, AllMetrics).Measure(new TableRecommender(scores), all).Metrics
            .ShouldBe(new Evaluator(train, AllMetrics).Measure(new TableRecommender(scores), holdOut).Metrics);
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
        Evaluate(Cases.Scores, Cases.HoldOut, "recall").Notes.ShouldContain(note => note.StartsWith("2 of 6 targets (33.33 %)"));

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
        problems.ShouldContain(problem => problem.Contains("'logloss' is measured on labelled pairs"));
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

    private static EvaluationOptions AllMetrics { get; } = new()
    {
        Cutoffs = [1, 5, 10, 100],
        Metrics = [.. MetricCatalog.All.Where(metric => metric.Kind is not (MetricKind.Value or MetricKind.Pairs)).Select(metric => metric.Name)],
        Threads = 2,
    };

    private static EvaluationResult Evaluate(float[][] scores, HoldOut holdOut, params string[] metrics) =>
        new Evaluator(Cases.Train, Cases.Options(2, metrics)).Measure(new TableRecommender(scores), holdOut);

    private static float[][] Table(int users, int items, Func<int, int, float> score) =>
        [.. Enumerable.Range(0, users).Select(user => Enumerable.Range(0, items).Select(item => score(user, item)).ToArray())];

    private static float[][] Transform(float[][] scores, Func<float, float> transform) => [.. scores.Select(row => Array.ConvertAll(row, score => transform(score)))];

    private static HoldOut Graded(int[] targets, float[] grades) => Cases.Hold(6, [targets]) with { Targets = new SparseRows([0, targets.Length], targets, 6, grades) };

    private static IEnumerable<int[]> Permutations(int count) => count == 0
        ? [[]]
        : Permutations(count - 1).SelectMany(rest => Enumerable.Range(0, count).Select(place => (int[])[.. rest[..place], count - 1, .. rest[place..]]));

    private sealed class Recorder(Action<int> action) : IProgress<int>
    {
        public void Report(int value) => action(value);
    }
}
