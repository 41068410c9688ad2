using Tastemaker.Data;
using Tastemaker.Recommending;

namespace Tastemaker.Serving.Answering;

/// <summary>The items of a history as reasons: how far each recommended item falls beside its fellows when one of them is left out.</summary>
internal static class HistoryReasons
{
    private const int LongestHistory = 64;

    /// <summary>A reason for each item of the history, for each item listed; null where the history is too short, and a note says so.</summary>
    public static IEnumerable<Reason>[]? Of(int[] listed, Request request, TrainedRecommender recommender, List<string> notes)
    {
        var history = (request.History ?? (request.User is null ? [] : recommender.HistoryOf(request.User))).Concat(request.Events?.Select(one => one.Item) ?? [])
            .Select(item => recommender.Items.IndexOf(item)).Where(item => item >= 0).Distinct().TakeLast(LongestHistory).ToArray();
        if (history.Length < 2)
        {
            notes.Add("There is too little history to explain from.");
            return null;
        }

        int[][] histories = [history, .. history.Select((_, left) => history.Where((_, place) => place != left).ToArray())];
        var scores = RelativeScores.Of(recommender, new RequestBatch([.. histories.Select(_ => -1)], SparseRows.FromRows(histories, recommender.Items.Count)), listed, inSpreads: true);
        return [.. listed.Select((_, rank) => history.Select((item, place) =>
            new Reason(recommender.Items[item], recommender.Snapshot.Titles?[item], scores[0][rank] - scores[place + 1][rank])))];
    }
}
