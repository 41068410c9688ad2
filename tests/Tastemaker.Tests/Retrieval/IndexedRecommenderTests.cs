using Tastemaker.Catalog;
using Tastemaker.Data;
using Tastemaker.Inputs;
using Tastemaker.Options;
using Tastemaker.Recommending;
using Tastemaker.Retrieval;
using Tastemaker.Systems;
using Tastemaker.Tests.Conformance;
using Tastemaker.Training;

namespace Tastemaker.Tests.Retrieval;

public sealed class IndexedRecommenderTests
{
    private const int ItemCount = 1200;

    private static readonly TrainingSet Train = Shop();

    public static TheoryData<string> Systems => ["ials", "biased-mf", "svd++", "mf-logistic", "bpr-mf", "gmf", "multi-dae", "multi-vae", "gru4rec"];

    [Fact]
    public void Systems_that_score_by_inner_products_say_so_and_others_do_not()
    {
        foreach (var system in SystemCatalog.Systems.Where(system => Systems.Any(row => row.Data == system.Id)))
        {
            using var recommender = Make(system.Id);
            recommender.As<IVectorRecommender>().ShouldNotBeNull();
            (recommender.As<IRatingPredictor>() is not null).ShouldBe(system.PredictsRatings);
        }

        using var neighbors = Make("item-knn");
        neighbors.As<IVectorRecommender>().ShouldBeNull();
    }

    [Theory]
    [MemberData(nameof(Systems))]
    public void A_score_is_the_inner_product_of_two_vectors_and_a_constant(string system)
    {
        using var recommender = Make(system);
        var source = recommender.As<IVectorRecommender>()!;
        var (length, vectors) = (source.VectorLength, new float[ItemCount * source.VectorLength]);
        source.WriteItemVectors(0, vectors);
        var part = new float[3 * length];
        source.WriteItemVectors(40, part);
        part.ShouldBe(vectors[(40 * length)..(43 * length)]);

        var answered = 0;
        foreach (var request in new[] { Request.ForUser("u1"), Request.ForUser("u7"), Request.ForHistory("i3", "i4", "i10") })
        {
            if (source.QueryOf(request) is not { } query)
            {
                continue;
            }

            answered++;
            var best = recommender.Recommend(request, 20);
            query.Strategy.ShouldBe(best.Strategy);
            foreach (var item in best.Items)
            {
                var index = recommender.Items.IndexOf(item.Item);
                var product = query.Vector.ToArray().Zip(vectors[(index * length)..((index + 1) * length)], (a, b) => (double)a * b).Sum() + query.Constant;
                product.ShouldBe(item.Score, 1e-4);
                query.Excluded.ShouldNotContain(index);
            }
        }

        answered.ShouldBeGreaterThan(0);
    }

    [Theory]
    [MemberData(nameof(Systems))]
    public void With_every_list_read_the_answers_are_those_of_ranking_the_catalog(string system)
    {
        using var ranking = Make(system);
        using var finding = Recommender.WithIndex(Make(system), InvertedIndex.Of(ranking, new IndexOptions { Lists = 12, Probes = 12, Passes = 3 }));
        Request[] requests =
        [
            .. Enumerable.Range(0, 30).Select(user => Request.ForUser($"u{user}")), Request.ForHistory("i3", "i4"), Request.ForUser("nobody"), Request.ForUser("u39"),
        ];
        foreach (var filter in new[] { null, new CandidateFilter { IncludeSeen = true }, new CandidateFilter { Exclude = ["i1", "i5", "i9"] }, new CandidateFilter { Candidates = ["i1", "i2"] } })
        {
            var ranked = ranking.RecommendAll(requests, 10, filter);
            var found = finding.RecommendAll(requests, 10, filter);
            for (var request = 0; request < requests.Length; request++)
            {
                if (system != "gru4rec")
                {
                    found[request].Items.ShouldBe(ranked[request].Items); // to the bit
                }

                ShouldBeAlike(found[request], ranked[request]);
                ShouldBeAlike(finding.Recommend(requests[request], 10, filter), ranked[request]);
            }
        }
    }

    [Fact]
    public void A_list_is_full_and_holds_nothing_seen_or_excluded_whatever_the_index_reads()
    {
        var index = InvertedIndex.Of(Make("bpr-mf"), new IndexOptions { Lists = 40, Probes = 1, Passes = 2 });
        using var finding = Recommender.WithIndex(Make("bpr-mf"), index);
        var filter = new CandidateFilter { Exclude = [.. Enumerable.Range(0, 30).Select(item => $"i{item}")] };
        for (var user = 0; user < 39; user++)
        {
            var list = finding.Recommend(Request.ForUser($"u{user}"), 25, filter).Items.Select(item => finding.Items.IndexOf(item.Item)).ToList();
            list.Distinct().Count().ShouldBe(25);
            list.Min().ShouldBeGreaterThanOrEqualTo(30);
            list.Intersect(Train.Seen[user].ToArray()).ShouldBeEmpty();
        }
    }

    [Fact]
    public void An_index_over_other_items_is_refused()
    {
        using var recommender = Make("bpr-mf");
        var length = recommender.As<IVectorRecommender>()!.VectorLength;
        Should.Throw<ArgumentException>(() => Recommender.WithIndex(recommender, new ExactIndex(new float[10 * length], length))).Message.ShouldContain("10");
    }

    [Fact]
    public void An_exact_index_serves_as_well()
    {
        using var ranking = Make("ials");
        using var finding = Recommender.WithIndex(Make("ials"), ExactIndex.Of(ranking));
        ShouldBeAlike(finding.Recommend(Request.ForUser("u5"), 30), ranking.Recommend(Request.ForUser("u5"), 30));
    }

    // Where a library multiplies matrices, sums are added in another order: items of nearly equal scores may change places.
    private static void ShouldBeAlike(RecommendationList found, RecommendationList ranked)
    {
        (found.Strategy, found.Items.Count).ShouldBe((ranked.Strategy, ranked.Items.Count));
        found.Notes.ShouldBe(ranked.Notes);
        for (var rank = 0; rank < found.Items.Count; rank++)
        {
            found.Items[rank].Score.ShouldBe(ranked.Items[rank].Score, 1e-5f);
            var place = ranked.Items.ToList().FindIndex(item => item.Item == found.Items[rank].Item);
            (place < 0 ? ranked.Items[^1] : ranked.Items[place]).Score.ShouldBe(found.Items[rank].Score, 1e-5f);
        }
    }

    // With the weights that training begins with, which are all different; iALS, whose weights say little then, trains.
    private static TrainedRecommender Make(string id)
    {
        TorchSharp.torch.random.manual_seed(11);
        var info = SystemCatalog.Find(id);
        var options = info.Resolve(SystemCases.Options(info), Train);
        var model = info.Create(options, ModelShape.Of(Train));
        if (id is "ials" or "item-knn")
        {
            using var modelTraining = model.Begin(Train, new TrainingOptions());
            modelTraining.RunEpoch(new EpochContext(Train, 0, new TrainingOptions(), (_, _, _, _) => { }, TestContext.Current.CancellationToken));
        }

        return new TrainedRecommender(info, model, RecommenderSnapshot.Of(Train), new RecommenderOrigin
        {
            Options = options, Training = new TrainingOptions(), Data = "shop", DataFingerprint = "1", Split = "none", SplitFingerprint = "2", Library = "0",
        });
    }

    // User 39 has nothing.
    private static TrainingSet Shop()
    {
        var random = new SeededRandom(5);
        var rows = Enumerable.Range(0, 39).SelectMany(user => Enumerable.Range(0, 8 + (user % 5)).Select(_ => (User: user, Item: random.Next(ItemCount)))).Distinct().ToList();
        return new TrainingSet(ConformanceData.Dataset(
            [.. rows.Select(row => row.User)], [.. rows.Select(row => row.Item)], [.. rows.Select((_, place) => 1f + (place % 5))], [.. rows.Select((_, place) => (long)place)], 40, ItemCount));
    }
}
