using Tastemaker.Retrieval;

namespace Tastemaker.Tests.Retrieval;

public sealed class VectorIndexTests
{
    private const int Count = 5000;
    private static readonly float[] Items = Cloud.Items(Count);
    private static readonly float[] Queries = Cloud.Queries(70);

    private static (int[] Items, float[] Scores) Search(IVectorIndex index, int query, int count)
    {
        var (items, scores) = (new int[count], new float[count]);
        var found = index.Search(Queries.AsSpan(query * Cloud.Dimension, Cloud.Dimension), items, scores);
        return (items[..found], scores[..found]);
    }

    private static double Recall(IVectorIndex index, int depth) => Enumerable.Range(0, 70).Average(query =>
        Search(index, query, depth).Items.Intersect(Cloud.Best(Items, Queries.AsSpan(query * Cloud.Dimension, Cloud.Dimension), depth).Select(pair => pair.Item)).Count() / (double)depth);

    private static InvertedIndex Build(IndexOptions options) => InvertedIndex.Build(Items, Cloud.Dimension, Cloud.Queries(300)[(200 * Cloud.Dimension)..], options);

    public static TheoryData<string> Complete => ["exact", "every list is read"];

    private static IVectorIndex Make(string kind) =>
        kind == "exact" ? new ExactIndex(Items, Cloud.Dimension) : Build(new IndexOptions { Lists = 40, Probes = 40 });

    [Theory]
    [MemberData(nameof(Complete))]
    public void The_best_inner_products_are_found_though_lengths_differ(string kind)
    {
        var index = Make(kind);
        for (var query = 0; query < 70; query++)
        {
            var best = Cloud.Best(Items, Queries.AsSpan(query * Cloud.Dimension, Cloud.Dimension), 30);
            var (items, scores) = Search(index, query, 30);
            items.ShouldBe(best.Select(pair => pair.Item));
            scores.ShouldBe(best.Select(pair => pair.Score));
        }
    }

    [Theory]
    [MemberData(nameof(Complete))]
    public void Who_asks_for_more_than_there_is_gets_every_item(string kind) =>
        Search(Make(kind), 0, Count + 3).Items.Order().ShouldBe(Enumerable.Range(0, Count));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void Many_queries_together_find_what_each_finds_alone(int probes)
    {
        foreach (var index in new IVectorIndex[] { new ExactIndex(Items, Cloud.Dimension), Build(new IndexOptions { Lists = 60, Probes = probes }) })
        {
            var (items, scores) = (new int[70 * 25], new float[70 * 25]);
            index.SearchAll(Queries, 25, items, scores).ShouldBe(25);
            for (var query = 0; query < 70; query++)
            {
                var alone = Search(index, query, 25);
                items[(query * 25)..((query + 1) * 25)].ShouldBe(alone.Items);
                scores[(query * 25)..((query + 1) * 25)].ShouldBe(alone.Scores);
            }
        }
    }

    [Fact]
    public void A_part_of_the_lists_finds_what_was_aimed_at_and_more_lists_find_more()
    {
        var index = Build(new IndexOptions { Lists = 60, AimedRecall = 0.9, Depth = 20 });
        index.Probes.ShouldBeLessThan(30);
        index.ExpectedRecall.ShouldBeGreaterThanOrEqualTo(0.9);
        Recall(index, 20).ShouldBeGreaterThan(0.86);
        var more = Build(new IndexOptions { Lists = 60, AimedRecall = 0.99, Depth = 20 });
        more.Probes.ShouldBeGreaterThan(index.Probes);
        Recall(more, 20).ShouldBeGreaterThan(0.96);
        Recall(Build(new IndexOptions { Lists = 60, Probes = 1 }), 20).ShouldBeLessThan(0.86);
    }

    [Fact]
    public void Lists_too_short_for_what_is_wanted_are_followed_by_others()
    {
        var index = Build(new IndexOptions { Lists = 500, Probes = 1 });
        Search(index, 0, 1000).Items.Distinct().Count().ShouldBe(1000);
    }

    [Fact]
    public void The_same_seed_gives_the_same_index_on_any_number_of_threads()
    {
        var one = Build(new IndexOptions { Probes = 3, Seed = 9 });
        Parallelism.Use(1);
        try
        {
            var other = Build(new IndexOptions { Probes = 3, Seed = 9 });
            other.Ranking.Means.ShouldBe(one.Ranking.Means);
            other.Items.Members.Columns.ToArray().ShouldBe(one.Items.Members.Columns.ToArray());
            other.Ranking.Reach.ShouldBe(one.Ranking.Reach);
        }
        finally
        {
            Parallelism.Use(0);
        }
    }

    [Fact]
    public void Equal_scores_are_ordered_by_item()
    {
        float[] twice = [.. Items[..(200 * Cloud.Dimension)], .. Items[..(200 * Cloud.Dimension)]];
        foreach (var index in new IVectorIndex[] { new ExactIndex(twice, Cloud.Dimension), InvertedIndex.Build(twice, Cloud.Dimension, null, new IndexOptions { Lists = 5, Probes = 5 }) })
        {
            var items = Search(index, 1, 40).Items;
            for (var pair = 0; pair < 40; pair += 2)
            {
                items[pair + 1].ShouldBe(items[pair] + 200);
            }
        }
    }

    [Fact]
    public void Many_threads_may_search_at_once()
    {
        var index = Build(new IndexOptions { Lists = 60, Probes = 4 });
        var alone = Enumerable.Range(0, 70).Select(query => Search(index, query, 5 + (query % 3)).Items).ToArray();
        Parallel.For(0, 700, call => Search(index, call % 70, 5 + (call % 70 % 3)).Items.ShouldBe(alone[call % 70]));
    }

    [Fact]
    public void A_catalog_of_one_item_and_a_query_of_zeros_are_answered()
    {
        var one = InvertedIndex.Build([1, 2], 2);
        (int[] items, float[] scores) = (new int[3], new float[3]);
        one.Search([0, 0], items, scores).ShouldBe(1);
        (items[0], scores[0]).ShouldBe((0, 0));
    }

    [Fact]
    public void What_is_no_vector_is_refused()
    {
        var index = Build(new IndexOptions { Probes = 1 });
        var (items, scores) = (new int[1], new float[1]);
        Should.Throw<ArgumentException>(() => index.Search(new float[Cloud.Dimension - 1], items, scores));
        Should.Throw<ArgumentException>(() => index.Search(Enumerable.Repeat(float.NaN, Cloud.Dimension).ToArray(), items, scores));
        Should.Throw<ArgumentException>(() => index.Search(new float[Cloud.Dimension], items, new float[2]));
        Should.Throw<ArgumentException>(() => InvertedIndex.Build([1, float.PositiveInfinity], 2));
        Should.Throw<ArgumentException>(() => new ExactIndex([1, 2, 3], 2));
    }

    [Fact]
    public void Building_tells_how_far_it_is_and_stops_when_told_to()
    {
        var stages = new List<string>();
        using var stop = new CancellationTokenSource();
        var progress = new Told(report =>
        {
            stages.Add(report.Stage);
            stop.Cancel();
        });
        Should.Throw<OperationCanceledException>(() => InvertedIndex.Build(Items, Cloud.Dimension, null, null, progress, stop.Token));
        stages.ShouldNotBeEmpty();
    }

    private sealed class Told(Action<IndexProgress> action) : IProgress<IndexProgress>
    {
        public void Report(IndexProgress value) => action(value);
    }
}
