using Tastemaker.Data;
using Tastemaker.Data.Splits;
using Tastemaker.Evaluation;

namespace Tastemaker.Core.Tests.Evaluation;

/// <summary>Scorers whose figures are known without computing them, and changes that must change nothing.</summary>
public class ScorerTests
{
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
        var train = Cases.Training(3, 40, (0, 0), (0, 20));
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
    public void Where_training_has_none_of_the_targets_a_constant_scorer_gets_chance_and_not_what_the_order_of_the_catalog_tells()
    {
        var holdOut = Cases.Hold(40, [[5], [1, 2]]);
        var result = new Evaluator(Cases.Training(2, 40, (0, 0)), Cases.Options(10, "recall")).Measure(new TableRecommender(Table(2, 40, (_, _) => 0.5f)), holdOut);

        result.Metrics["recall@10"].ShouldBe(10.0 / 40, 1e-12);
        result.Notes.ShouldContain(note => note.Contains("ranked by the rule 'Expected'"));
    }

    [Fact]
    public void The_expected_rule_is_the_mean_over_all_orders_of_the_items()
    {
        float[] scores = [2, 1, 2, 2, 1, 0];
        int[] targets = [0, 1, 2, 5];
        float[] grades = [1, 3, 2, 2];
        var train = Cases.Training(1, 6, [.. Enumerable.Range(0, 6).Select(item => (0, item))]); // every order has targets of training
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

        var before = new Evaluator(train, Cases.AllMetrics).Measure(new TableRecommender(scores), holdOut).Metrics;
        var after = new Evaluator(movedTrain, Cases.AllMetrics).Measure(new TableRecommender(movedScores), moved).Metrics;

        foreach (var (name, value) in before)
        {
            after[name].ShouldBe(value, 1e-9, name);
        }
    }

    [Fact]
    public void A_monotone_transform_of_the_scores_changes_nothing()
    {
        var (train, holdOut, scores) = Cases.Random(seed: 9, users: 30, items: 60, levels: 20);
        var before = new Evaluator(train, Cases.AllMetrics).Measure(new TableRecommender(scores), holdOut).Metrics;
        var after = new Evaluator(train, Cases.AllMetrics).Measure(new TableRecommender(Transform(scores, score => MathF.Exp(score / 4) - 100)), holdOut).Metrics;

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
        var whole = new Evaluator(train, Cases.AllMetrics).Measure(new TableRecommender(scores), holdOut);

        var blocked = new Evaluator(train, Cases.AllMetrics with { BlockBytes = blockRows * 50 * sizeof(float), Threads = threads }).Measure(recommender, holdOut);

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

    private static float[][] Table(int users, int items, Func<int, int, float> score) =>
        [.. Enumerable.Range(0, users).Select(user => Enumerable.Range(0, items).Select(item => score(user, item)).ToArray())];

    private static float[][] Transform(float[][] scores, Func<float, float> transform) => [.. scores.Select(row => Array.ConvertAll(row, score => transform(score)))];

    private static HoldOut Graded(int[] targets, float[] grades) => Cases.Hold(6, [targets]) with { Targets = new SparseRows([0, targets.Length], targets, 6, grades) };

    private static IEnumerable<int[]> Permutations(int count) => count == 0
        ? [[]]
        : Permutations(count - 1).SelectMany(rest => Enumerable.Range(0, count).Select(place => (int[])[.. rest[..place], count - 1, .. rest[place..]]));
}
