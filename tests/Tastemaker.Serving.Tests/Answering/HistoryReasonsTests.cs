using Tastemaker.Data;
using Tastemaker.Models.Recurrent;
using Tastemaker.Options;
using Tastemaker.Recommending;
using Tastemaker.Serving.Answering;

namespace Tastemaker.Serving.Tests.Answering;

public sealed class HistoryReasonsTests
{
    [Theory]
    [InlineData("ease")]
    [InlineData("gru4rec")]
    public void A_reason_weighs_what_an_items_standardized_score_loses_without_it(string system)
    {
        ModelOptions? options = system == "gru4rec" ? new Gru4RecOptions { Layers = [4], Epochs = 1 } : null;
        using var recommender = TrainedRecommender.In(TwoTastes.Train(system, options))!;
        string[] history = ["i0", "i1", "i7", "i4"];
        int[] listed = [2, 9];

        var reasons = HistoryReasons.Of(listed, Request.ForHistory(history), recommender, []).ShouldNotBeNull();

        for (var rank = 0; rank < listed.Length; rank++)
        {
            var whole = Standardized(recommender, history, listed[rank]);
            reasons[rank].Select(reason => (reason.Item, (double)reason.Weight)).ToList().ForEach(reason =>
                reason.Item2.ShouldBe(whole - Standardized(recommender, [.. history.Where(item => item != reason.Item)], listed[rank]), 1e-3));
            reasons[rank].Select(reason => reason.Item).ShouldBe(history);
        }
    }

    private static double Standardized(TrainedRecommender recommender, string[] history, int item)
    {
        var scores = new float[recommender.Items.Count];
        recommender.Score(new RequestBatch([-1], SparseRows.FromRows([[.. history.Select(id => recommender.Items.IndexOf(id))]], scores.Length)), scores);
        var mean = scores.Average(score => (double)score);
        return (scores[item] - mean) / Math.Sqrt(scores.Average(score => (score - mean) * (score - mean)));
    }
}
