using Tastemaker.Data;
using Tastemaker.Recommending;
using Tastemaker.Systems;

namespace Tastemaker.Serving.Answering;

/// <summary>
/// Why an item is recommended: the items of the history without which its score, measured against the catalog's mean and spread, falls most. Asked of the system
/// itself, so it holds for every system that reads histories, whatever its inside.
/// </summary>
internal static class Explanations
{
    private const int LongestHistory = 64;
    private const int MostReasons = 3;

    /// <summary>The reasons for each item; null where the system does not read histories, and a note says so.</summary>
    public static IReadOnlyList<IReadOnlyList<Reason>>? Of(IReadOnlyList<Recommendation> items, Request request, IRecommender recommender, List<string> notes)
    {
        var history = (request.History ?? (request.User is null ? [] : recommender.HistoryOf(request.User)))
            .Select(item => recommender.Items.IndexOf(item)).Where(item => item >= 0).Distinct().TakeLast(LongestHistory).ToArray();
        if (TrainedRecommender.In(recommender) is not { } trained || !trained.Info.Answers.HasFlag(Answers.Histories) || history.Length < 2)
        {
            notes.Add(history.Length < 2 ? "There is too little history to explain from." : $"{recommender.System} does not read histories: there is nothing to explain from.");
            return null;
        }

        int[] listed = [.. items.Select(item => recommender.Items.IndexOf(item.Item))];
        var scores = Standardized(trained, [history, .. history.Select((_, left) => history.Where((_, place) => place != left).ToArray())], listed);
        return [.. listed.Select((_, rank) => (IReadOnlyList<Reason>)[.. history
            .Select((item, place) => new Reason(recommender.Items[item], trained.Snapshot.Titles?[item], scores[0][rank] - scores[place + 1][rank]))
            .Where(reason => reason.Weight > 0)
            .OrderByDescending(reason => reason.Weight)
            .Take(MostReasons)])];
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
