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

        var scores = Standardized(recommender, [history, .. history.Select((_, left) => history.Where((_, place) => place != left).ToArray())], listed);
        return [.. listed.Select((_, rank) => history.Select((item, place) =>
            new Reason(recommender.Items[item], recommender.Snapshot.Titles?[item], scores[0][rank] - scores[place + 1][rank])))];
    }

    // Scores of different histories have different scales; their distance from the catalog's mean in units of its spread is comparable.
    private static float[][] Standardized(TrainedRecommender recommender, int[][] histories, int[] listed)
    {
        var count = recommender.Items.Count;
        var scores = new float[count];
        var result = new float[histories.Length][];
        for (var row = 0; row < histories.Length; row++)
        {
            recommender.Score(new RequestBatch([-1], SparseRows.FromRows([histories[row]], count)), scores);
            var (sum, squares) = (0.0, 0.0);
            foreach (var score in scores)
            {
                sum += score;
                squares += (double)score * score;
            }

            var mean = sum / count;
            var deviation = Math.Sqrt(Math.Max((squares / count) - (mean * mean), 1e-12));
            result[row] = [.. listed.Select(item => (float)((scores[item] - mean) / deviation))];
        }

        return result;
    }
}
