using Tastemaker.Recommending;
using Tastemaker.Systems;
using TorchSharp;
using static Tastemaker.Testing.ConformanceException;

namespace Tastemaker.Testing;

/// <summary>What a trained system must do.</summary>
internal static class AnswerChecks
{
    private const float Tolerance = 1e-5f; // of a score, relative where it is above 1: batches may sum in another order

    public static void ScoresBatches(SystemConformance suite)
    {
        var recommender = suite.Trained.Recommender;
        var batch = ConformanceData.MixedRequests();
        var together = ConformanceData.Scores(recommender, batch);
        for (var request = 0; request < batch.Count; request++)
        {
            var alone = ConformanceData.Scores(recommender, batch.Slice(request, 1));
            for (var item = 0; item < alone.Length; item++)
            {
                DemandNear(alone[item], together[(request * alone.Length) + item], $"request {request}, item {item}");
            }
        }
    }

    public static void RecommendsBatches(SystemConformance suite)
    {
        var recommender = suite.Trained.Recommender;
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
                Demand(together[request].Strategy == alone.Strategy && together[request].Notes.SequenceEqual(alone.Notes) && together[request].Items.Count == alone.Items.Count,
                    $"Request {request} of many is answered by {together[request].Strategy} with {together[request].Items.Count} items, and alone by {alone.Strategy} with {alone.Items.Count}.");
                for (var rank = 0; rank < alone.Items.Count; rank++)
                {
                    DemandNear(alone.Items[rank].Score, together[request].Items[rank].Score, $"request {request}, rank {rank}");
                }
            }
        }
    }

    public static void ScoresParts(SystemConformance suite)
    {
        var recommender = suite.Trained.Recommender;
        var batch = ConformanceData.MixedRequests();
        if (recommender.As<IPartialScorer>()?.Begin(batch) is not { } parts)
        {
            Demand(!suite.System.ScoresByInnerProduct, $"The catalog entry says that the system scores by inner products, and its scorer gives no part of the catalog.");
            return;
        }

        Demand(suite.System.ScoresByInnerProduct == recommender.As<IVectorRecommender>() is not null, $"The catalog entry must say that the system scores by inner products where its scorer is one, and only there.");
        var whole = ConformanceData.Scores(recommender, batch);
        var items = recommender.Items.Count;
        for (var request = 0; request < batch.Count; request++)
        {
            var (part, row) = (new float[items], whole[(request * items)..((request + 1) * items)]);
            parts.Fill(request..(request + 1), 0, items, part, items);
            Demand(part.Distinct().Count() < 2 || part.AsSpan().SequenceEqual(row), $"Request {request}: the catalog scored in parts differs from the catalog scored whole."); // of one score, popularity answers the whole
        }
    }

    public static void ScoresAreFinite(SystemConformance suite)
    {
        var scores = ConformanceData.Scores(suite.Trained.Recommender, ConformanceData.MixedRequests());
        Demand(Array.TrueForAll(scores, float.IsFinite), $"Every score must be finite, also of users and items that training has not seen; score {Array.FindIndex(scores, score => !float.IsFinite(score))} is not.");
    }

    public static void ListsAreWhole(SystemConformance suite)
    {
        var recommender = suite.Trained.Recommender;
        var coldStart = Request.ForHistory("i0", "i2", "i4");
        foreach (var request in new[] { Request.ForUser("u3"), Request.ForUser("u50"), coldStart })
        {
            var ten = recommender.Recommend(request, 10).Items.Count;
            Demand(ten == 10, $"A list of 10 has {ten} items.");
            var all = recommender.Recommend(request, 1000, new CandidateFilter { IncludeSeen = true }).Items;
            Demand(all.Select(item => item.Item).Distinct().Count() == recommender.Items.Count, $"A list of everything has {all.Count} of {recommender.Items.Count} items.");
            Demand(all.Zip(all.Skip(1)).All(pair => pair.First.Score >= pair.Second.Score), $"A list must be in the order of its scores.");
            Demand(recommender.Recommend(request, 5, new CandidateFilter { Candidates = [] }).Items.Count == 0, $"Without candidates a list must be empty.");
            Demand(recommender.Recommend(request, 5, new CandidateFilter { Exclude = [.. recommender.Items.Ids] }).Items.Count == 0, $"Where everything is excluded a list must be empty.");
        }

        var unseen = recommender.Recommend(coldStart, 1000, new CandidateFilter { IncludeSeen = false }).Items;
        Demand(unseen.Count == recommender.Items.Count - coldStart.History!.Count && unseen.All(item => !coldStart.History.Contains(item.Item)), $"A list without the 3 items of the history has {unseen.Count} items of {recommender.Items.Count}.");
    }

    public static void ReadsHistories(SystemConformance suite)
    {
        if (!suite.System.Answers.HasFlag(Capabilities.Histories) || !suite.IsPersonalized || suite.System.PredictsRatings) // a rated item need not be a liked one
        {
            return;
        }

        const double LeastShare = 0.7; // of what comes after a history, half by chance
        var found = Enumerable.Range(0, 2).Average(parity =>
        {
            var history = Request.ForHistory([.. Enumerable.Range(0, 6).Select(place => $"i{(2 * place) + parity}")]);
            var list = suite.Trained.Recommender.Recommend(history, 10).Items;
            return list.Average(item => int.Parse(item.Item[1..], global::System.Globalization.CultureInfo.InvariantCulture) % 2 == parity ? 1.0 : 0);
        });
        Demand(found >= LeastShare, $"The entry says that anyone's history is answered; after six items of one parity, {LeastShare:P0} of a list must be of that parity, and {found:P0} are (half are by chance).");
    }

    public static void FindsSimilar(SystemConformance suite)
    {
        try
        {
            var similar = suite.Trained.Recommender.Similar("i4", 5).Items;
            Demand(similar.Count == 5 && similar.All(item => item.Item != "i4" && float.IsFinite(item.Score)), $"Five items similar to i4 must be five others with finite scores: {string.Join(", ", similar.Select(item => $"{item.Item} {item.Score}"))}.");
        }
        catch (InputException refused)
        {
            Demand(!suite.System.Answers.HasFlag(Capabilities.Histories), $"A system that answers histories must find similar items, and says: {refused.Message}");
        }
    }

    public static void IsSaved(SystemConformance suite)
    {
        var recommender = suite.Trained.Recommender;
        using var folder = new ScratchFolder();
        var path = Path.Combine(folder.FullPath, "model");
        Recommender.Save(recommender, path);
        using var loaded = Recommender.Load(path);
        Demand(ConformanceData.Scores(loaded, ConformanceData.MixedRequests()).AsSpan().SequenceEqual(ConformanceData.Scores(recommender, ConformanceData.MixedRequests())), $"Saved and loaded, the scores must be the same to the bit.");
        Demand(loaded.Recommend(Request.ForUser("u1"), 5).Items.SequenceEqual(recommender.Recommend(Request.ForUser("u1"), 5).Items), $"Saved and loaded, the list of u1 must be the same.");
        if (recommender.As<IRatingPredictor>() is { } before)
        {
            var after = loaded.As<IRatingPredictor>();
            Demand(after is not null && after.RatingScale == before.RatingScale && Predictions(after).AsSpan().SequenceEqual(Predictions(before)), $"Saved and loaded, predicted ratings must be the same to the bit.");
        }
    }

    public static void LeavesNoTensors(SystemConformance suite)
    {
        var recommender = suite.Trained.Recommender;
        var batch = ConformanceData.MixedRequests();
        ConformanceData.Scores(recommender, batch);
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        for (var repeat = 0; repeat < 500; repeat++)
        {
            recommender.Recommend(Request.ForUser($"u{repeat % 51}"), 5);
            recommender.Recommend(Request.ForHistory("i1", $"i{repeat % 50}"), 5);
        }

        ConformanceData.Scores(recommender, batch);
        var left = DisposeScopeManager.Statistics.ThreadTotalLiveCount - before;
        Demand(left == 0, $"A thousand requests left {left} tensors behind.");
    }

    private static float[] Predictions(IRatingPredictor predictor)
    {
        var ratings = new float[5];
        predictor.Predict([0, 1, -1, 50, 3], [0, 4, 2, 1, -1], ratings);
        return ratings;
    }

    private static void DemandNear(float alone, float together, string where) =>
        Demand(Math.Abs(alone - together) <= Tolerance * Math.Max(1, Math.Abs(alone)), $"{where}: {together} among others, and {alone} alone.");
}
