using Tastemaker.Evaluation;
using Tastemaker.Evaluation.Ranking;

namespace Tastemaker.Core.Tests.Evaluation.Ranking;

/// <summary>Ranking part by part gives what ranking whole catalogs gives, to the bit.</summary>
public class PartialRankingTests
{
    private static readonly EvaluationOptions Lists = new() { Cutoffs = [1, 20, 100], Metrics = [], Threads = 2 };

    [Theory]
    [InlineData(1, 1, 3)]
    [InlineData(1, 3, 3)]
    [InlineData(64 * sizeof(float), 1, 1000)]
    [InlineData(10_000 * sizeof(float), 2, 3)]
    [InlineData(1 << 28, 4, 1 << 20)]
    public void Parts_threads_and_memory_change_nothing(long blockBytes, int threads, int levels)
    {
        var (train, holdOut, scores) = Cases.Random(seed: 21, users: 150, items: 700, levels);
        var whole = new Evaluator(train, Lists).Measure(new TableRecommender(scores), holdOut);
        using var parts = new PartialTable(scores);

        var inParts = new Evaluator(train, Lists with { BlockBytes = blockBytes, Threads = threads }).Measure(parts, holdOut);

        parts.Calls.ShouldBe(0);
        inParts.Metrics.ShouldBe(whole.Metrics);
        inParts.Exposure!.Counts.ShouldBe(whole.Exposure!.Counts);
        foreach (var (name, values) in whole.PerRequest)
        {
            inParts.PerRequest[name].ShouldBe(values, name);
        }
    }

    [Fact]
    public void Graded_targets_are_measured_alike()
    {
        var options = Cases.Options(10, "ndcg-graded", "ndcg");
        new Evaluator(Cases.Train, options).Measure(new PartialTable(Cases.Scores), Cases.HoldOut).Metrics
            .ShouldBe(new Evaluator(Cases.Train, options).Measure(new TableRecommender(Cases.Scores), Cases.HoldOut).Metrics);
    }

    [Theory]
    [InlineData(TieRule.Expected, "ndcg")]
    [InlineData(TieRule.ByItem, "auc")]
    public void What_needs_the_order_below_the_list_asks_for_whole_catalogs(TieRule ties, string metric)
    {
        using var parts = new PartialTable(Cases.Scores);
        var options = Cases.Options(2, metric) with { Ties = ties };

        new Evaluator(Cases.Train, options).Measure(parts, Cases.HoldOut).Metrics
            .ShouldBe(new Evaluator(Cases.Train, options).Measure(new TableRecommender(Cases.Scores), Cases.HoldOut).Metrics);
        parts.Calls.ShouldBeGreaterThan(0);
    }

    [Fact]
    public void A_request_whose_scores_are_all_equal_is_asked_again_as_a_whole()
    {
        var (train, holdOut, scores) = Cases.Random(seed: 22, users: 9, items: 300, levels: 50);
        Array.Fill(scores[4], 2.5f);
        using var parts = new PartialTable(scores);

        var result = new Evaluator(train, Lists).Measure(parts, holdOut);

        parts.Calls.ShouldBe(1);
        result.Metrics.ShouldBe(new Evaluator(train, Lists).Measure(new TableRecommender(scores), holdOut).Metrics);
    }

    [Theory]
    [InlineData(float.NaN, "NaN")]
    [InlineData(float.NegativeInfinity, "infinite")]
    public void A_score_that_is_not_finite_is_refused_even_where_it_is_masked(float bad, string named)
    {
        var (train, holdOut, scores) = Cases.Random(seed: 23, users: 120, items: 300, levels: 50);
        scores[117][0] = bad;
        scores[60][holdOut.Excluded![60][0]] = bad;

        var problem = Should.Throw<InvalidOperationException>(() => new Evaluator(train, Lists with { BlockBytes = 1 }).Measure(new PartialTable(scores), holdOut));

        problem.Message.ShouldContain($"request 60, item {holdOut.Excluded[60][0]}");
        problem.Message.ShouldContain(named);
    }

    [Fact]
    public void A_catalog_of_one_item_and_lists_longer_than_the_catalog_are_ranked()
    {
        var one = new Evaluator(Cases.Training(2, 1, (0, 0)), Cases.Options(20, "recall", "hr"))
            .Measure(new PartialTable([[1], [2]]), Cases.Hold(1, [[0], [0]], excluded: [[], [0]]));

        one.PerRequest["recall@20"].ShouldBe([1, 0]);
        one.Exposure!.Counts.ShouldBe([1]);
    }

    [Fact]
    public void Selecting_lists_allocates_nothing_once_its_memory_is_there()
    {
        var (_, holdOut, scores) = Cases.Random(seed: 24, users: 48, items: 3000, levels: 1 << 20);
        using var recommender = new PartialTable(scores);
        var parts = recommender.Begin(holdOut.Requests)!;
        var memory = new GroupLists(3000, 20, long.MaxValue, requests: 48, threads: 1);
        memory.Select(parts, 0, 48, holdOut.Excluded, 0);
        var before = GC.GetAllocatedBytesForCurrentThread();

        memory.Select(parts, 0, 48, holdOut.Excluded, 0);

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }

    [Fact]
    public void Measuring_a_request_allocates_nothing_once_its_memory_is_there()
    {
        var (train, holdOut, _) = Cases.Random(seed: 25, users: 5, items: 60, levels: 9);
        var keys = MetricCatalog.Resolve([], [10, 20]).Where(key => key.Metric.Kind != MetricKind.Value).ToArray();
        var ranker = new RequestRanker(new RankingPlan(keys, holdOut, 60, TieRule.ByItem), new Tastemaker.Evaluation.Metrics.ListMetrics(train));
        int[] listed = [.. Enumerable.Range(0, 20)];
        ranker.Rank(1, listed);
        var before = GC.GetAllocatedBytesForCurrentThread();

        ranker.Rank(1, listed);

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }
}
