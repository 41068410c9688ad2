using Tastemaker.Data;
using Tastemaker.Recommending;

namespace Tastemaker.Serving.Answering;

/// <summary>The items of a history as reasons: how far each recommended item falls beside its fellows when one of them is left out.</summary>
internal static class HistoryReasons
{
    private const int LongestHistory = 64;
    private const int BlockFloats = 4 << 20; // 16 MiB of scores

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
        var rows = Math.Clamp(BlockFloats / count, 1, histories.Length);
        var scores = new float[rows * count];
        var result = new List<float[]>(histories.Length);
        foreach (var block in histories.Chunk(rows))
        {
            recommender.Score(new RequestBatch([.. Enumerable.Repeat(-1, block.Length)], SparseRows.FromRows(block, count)), scores.AsSpan(0, block.Length * count));
            result.AddRange(block.Select((_, row) => Standardized(scores.AsSpan(row * count, count), listed)));
        }

        return [.. result];
    }

    private static float[] Standardized(ReadOnlySpan<float> scores, int[] listed)
    {
        var (sum, squares) = (0.0, 0.0);
        foreach (var score in scores)
        {
            sum += score;
            squares += (double)score * score;
        }

        var mean = sum / scores.Length;
        var deviation = Math.Sqrt(Math.Max((squares / scores.Length) - (mean * mean), 1e-12));
        var values = new float[listed.Length];
        for (var rank = 0; rank < values.Length; rank++)
        {
            values[rank] = (float)((scores[listed[rank]] - mean) / deviation);
        }

        return values;
    }
}
