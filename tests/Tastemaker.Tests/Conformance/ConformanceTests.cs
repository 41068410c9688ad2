using System.Collections.Concurrent;
using Tastemaker.Catalog;
using Tastemaker.Data;
using Tastemaker.Data.Splits;
using Tastemaker.Recommending;
using Tastemaker.Systems;
using Tastemaker.Training;
using TorchSharp;

namespace Tastemaker.Tests.Conformance;

/// <summary>What every system of the catalog must do, whatever it is.</summary>
public sealed class ConformanceTests
{
    private static readonly ConcurrentDictionary<string, Lazy<(IRecommender Recommender, Curve Curve)>> Trained = new();

    public static TheoryData<string> Systems => SystemCases.All;

    [Theory]
    [MemberData(nameof(Systems))]
    public void The_loss_falls_and_a_checkerboard_is_learned(string id)
    {
        var (recommender, curve) = Get(id);
        if (curve.Losses.Count > 1)
        {
            curve.Losses[^1].ShouldBeLessThan(curve.Losses[0]);
            curve.Losses.ShouldAllBe(loss => double.IsFinite(loss));
        }

        var liked = 0;
        for (var user = 0; user < ConformanceData.Side; user++)
        {
            var list = recommender.Recommend(Request.ForUser($"u{user}"), 25, new CandidateFilter { IncludeSeen = true });
            liked += list.Items.Count(item => ConformanceData.Likes(user, int.Parse(item.Item[1..])));
        }

        var share = liked / (25.0 * ConformanceData.Side);
        if (SystemCases.Impersonal.Contains(id))
        {
            share.ShouldBe(0.5, 0.1);
        }
        else
        {
            share.ShouldBeGreaterThan(0.9);
        }
    }

    [Theory]
    [MemberData(nameof(Systems))]
    public void A_batch_gives_what_its_requests_give_one_by_one(string id)
    {
        var recommender = Get(id).Recommender;
        var batch = ConformanceData.MixedRequests();
        var together = ConformanceData.Scores(recommender, batch);
        for (var request = 0; request < batch.Count; request++)
        {
            var alone = ConformanceData.Scores(recommender, batch.Slice(request, 1));
            for (var item = 0; item < alone.Length; item++)
            {
                alone[item].ShouldBe(together[(request * alone.Length) + item], 1e-5f * Math.Max(1, Math.Abs(alone[item])));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Systems))]
    public void Many_requests_are_recommended_what_each_is_alone(string id)
    {
        var recommender = Get(id).Recommender;
        Request[] requests =
        [
            .. Enumerable.Range(0, 60).Select(user => Request.ForUser($"u{user}")),
            Request.ForHistory("i1", "i3", "nowhere"), Request.ForHistory("i50"), new Request { User = "u2", History = ["i5"] },
        ];
        foreach (var filter in new[] { null, new CandidateFilter { IncludeSeen = true, Exclude = ["i3", "i3"] }, new CandidateFilter { Candidates = ["i1", "i2", "i7"] } })
        {
            var together = recommender.RecommendAll(requests, 7, filter);
            for (var request = 0; request < requests.Length; request++)
            {
                var alone = recommender.Recommend(requests[request], 7, filter);
                together[request].Strategy.ShouldBe(alone.Strategy);
                together[request].Notes.ShouldBe(alone.Notes);
                together[request].Items.Count.ShouldBe(alone.Items.Count);
                for (var rank = 0; rank < alone.Items.Count; rank++)
                {
                    together[request].Items[rank].Score.ShouldBe(alone.Items[rank].Score, 1e-5f * Math.Max(1, Math.Abs(alone.Items[rank].Score)));
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Systems))]
    public void Parts_of_the_catalog_are_scored_as_the_whole_to_the_bit(string id)
    {
        var recommender = Get(id).Recommender;
        var batch = ConformanceData.MixedRequests();
        if (recommender.As<IPartialScorer>()?.Begin(batch) is not { } parts)
        {
            SystemCatalog.Find(id).ScoresByInnerProduct.ShouldBeFalse();
            SystemCases.ScoredInParts.ShouldNotContain(id);
            return;
        }

        SystemCatalog.Find(id).ScoresByInnerProduct.ShouldBe(recommender.As<IVectorRecommender>() is not null);
        var whole = ConformanceData.Scores(recommender, batch);
        var items = recommender.Items.Count;
        for (var request = 0; request < batch.Count; request++)
        {
            var (part, row) = (new float[items], whole[(request * items)..((request + 1) * items)]);
            parts.Fill(request..(request + 1), 0, items, part, items);
            if (part.Distinct().Count() > 1) // otherwise popularity answers the whole
            {
                part.ShouldBe(row);
            }
        }
    }

    [Theory]
    [InlineData("bpr-mf")]
    [InlineData("mlp")]
    [InlineData("neumf")]
    [InlineData("gmf")]
    [InlineData("ials")]
    [InlineData("multi-dae")]
    [InlineData("multi-vae")]
    public void A_batch_gives_the_bits_of_its_requests(string id)
    {
        var recommender = Get(id).Recommender;
        var batch = ConformanceData.MixedRequests();
        var together = ConformanceData.Scores(recommender, batch);
        for (var request = 0; request < batch.Count; request++)
        {
            ConformanceData.Scores(recommender, batch.Slice(request, 1)).ShouldBe(together[(request * 51)..((request + 1) * 51)]);
        }
    }

    [Theory]
    [MemberData(nameof(Systems))]
    public void Unseen_users_items_and_empty_histories_get_finite_scores(string id)
    {
        var scores = ConformanceData.Scores(Get(id).Recommender, ConformanceData.MixedRequests());
        scores.ShouldAllBe(score => float.IsFinite(score));
    }

    [Theory]
    [MemberData(nameof(Systems))]
    public void A_list_holds_exactly_n_or_all_that_remain(string id)
    {
        var recommender = Get(id).Recommender;
        var stranger = Request.ForHistory("i0", "i2", "i4");
        foreach (var request in new[] { Request.ForUser("u3"), Request.ForUser("u50"), stranger })
        {
            recommender.Recommend(request, 10).Items.Count.ShouldBe(10);
            var all = recommender.Recommend(request, 1000, new CandidateFilter { IncludeSeen = true });
            all.Items.Select(item => item.Item).Distinct().Count().ShouldBe(51);
            all.Items.Zip(all.Items.Skip(1)).ShouldAllBe(pair => pair.First.Score >= pair.Second.Score);
            recommender.Recommend(request, 5, new CandidateFilter { Candidates = [] }).Items.ShouldBeEmpty();
            recommender.Recommend(request, 5, new CandidateFilter { Exclude = [.. recommender.Items.Ids] }).Items.ShouldBeEmpty();
        }

        var unseen = recommender.Recommend(stranger, 1000, new CandidateFilter { IncludeSeen = false }).Items;
        unseen.Count.ShouldBe(48);
        unseen.ShouldAllBe(item => !stranger.History!.Contains(item.Item));
    }

    [Theory]
    [MemberData(nameof(Systems))]
    public void Saved_and_loaded_it_gives_the_same_scores_to_the_bit(string id)
    {
        var recommender = Get(id).Recommender;
        var folder = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}");
        try
        {
            Recommender.Save(recommender, folder);
            using var loaded = Recommender.Load(folder);
            ConformanceData.Scores(loaded, ConformanceData.MixedRequests()).ShouldBe(ConformanceData.Scores(recommender, ConformanceData.MixedRequests()));
            loaded.Recommend(Request.ForUser("u1"), 5).Items.ShouldBe(recommender.Recommend(Request.ForUser("u1"), 5).Items);
            if (recommender.As<IRatingPredictor>() is { } before)
            {
                var after = loaded.As<IRatingPredictor>()!;
                after.RatingScale.ShouldBe(before.RatingScale);
                Predictions(after).ShouldBe(Predictions(before));
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Theory]
    [MemberData(nameof(Systems))]
    public void The_same_seed_gives_the_same_result_whatever_is_held_out(string id)
    {
        torch.rand(3).Dispose(); // the generator's state before must not matter
        using var again = SystemCases.Train(id, ConformanceData.Split(SystemCatalog.Find(id).Needs, testSeed: 2));
        ConformanceData.Scores(again, ConformanceData.MixedRequests()).ShouldBe(ConformanceData.Scores(Get(id).Recommender, ConformanceData.MixedRequests()));
    }

    [Theory]
    [MemberData(nameof(Systems))]
    public void A_resumed_run_equals_an_uninterrupted_one(string id)
    {
        var split = ConformanceData.Split(SystemCatalog.Find(id).Needs);
        var folder = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}");
        try
        {
            using var source = new CancellationTokenSource();
            SystemCases.Train(id, split, new StopAfter(2, source), folder, source).Dispose();
            using var resumed = SystemCases.Train(id, split, checkpoints: folder);
            ConformanceData.Scores(resumed, ConformanceData.MixedRequests()).ShouldBe(ConformanceData.Scores(Get(id).Recommender, ConformanceData.MixedRequests()));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Theory]
    [MemberData(nameof(Systems))]
    public void A_thousand_requests_leave_no_tensors_behind(string id)
    {
        var recommender = Get(id).Recommender;
        var batch = ConformanceData.MixedRequests();
        ConformanceData.Scores(recommender, batch);
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        for (var repeat = 0; repeat < 500; repeat++)
        {
            recommender.Recommend(Request.ForUser($"u{repeat % 51}"), 5);
            recommender.Recommend(Request.ForHistory("i1", $"i{repeat % 50}"), 5);
        }

        ConformanceData.Scores(recommender, batch);
        DisposeScopeManager.Statistics.ThreadTotalLiveCount.ShouldBe(before);
    }

    [Theory]
    [MemberData(nameof(Systems))]
    public void Training_holds_no_more_tensors_at_its_end_than_after_its_second_epoch(string id)
    {
        // The second that counts, because optimizers make their moments and the best weights are kept from the first on; stages bring their own.
        var (recommender, curve) = Get(id);
        var live = curve.LiveTensors;
        live.ShouldNotBeEmpty();
        live[^1].ShouldBeLessThanOrEqualTo(live[Math.Min(((TrainedRecommender)recommender).Model.Plan.FirstMeasured + 1, live.Count - 1)]);
    }

    [Theory]
    [MemberData(nameof(Systems))]
    public void A_catalog_of_one_item_is_learned_and_answered(string id)
    {
        using var recommender = SystemCases.Train(id, ConformanceData.OneItem(SystemCatalog.Find(id).Needs));
        recommender.Recommend(Request.ForUser("u0"), 3, new CandidateFilter { IncludeSeen = true }).Items.Count.ShouldBe(1);
        recommender.Recommend(Request.ForUser("u0"), 3, new CandidateFilter { IncludeSeen = false }).Items.ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Systems))]
    public void Similar_items_share_the_parity_or_the_system_says_it_cannot(string id)
    {
        var recommender = Get(id).Recommender;
        var answers = SystemCatalog.Find(id).Answers;
        try
        {
            var similar = recommender.Similar("i4", 5).Items;
            similar.Count.ShouldBe(5);
            similar.ShouldAllBe(item => item.Item != "i4" && float.IsFinite(item.Score));
        }
        catch (InputException)
        {
            answers.HasFlag(Capabilities.Histories).ShouldBeFalse();
        }
    }

    private static (IRecommender Recommender, Curve Curve) Get(string id) => Trained.GetOrAdd(id, system => new(() =>
    {
        var curve = new Curve();
        return (SystemCases.Train(system, ConformanceData.Split(SystemCatalog.Find(system).Needs), curve), curve);
    })).Value;

    private static float[] Predictions(IRatingPredictor predictor)
    {
        var ratings = new float[5];
        predictor.Predict([0, 1, -1, 50, 3], [0, 4, 2, 1, -1], ratings);
        return ratings;
    }
}
