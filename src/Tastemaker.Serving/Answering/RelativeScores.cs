using Tastemaker.Data;
using Tastemaker.Recommending;

namespace Tastemaker.Serving.Answering;

/// <summary>Scores of some items that can be compared from request to request: their distance from the mean of the catalog.</summary>
internal static class RelativeScores
{
    private const int BlockFloats = 4 << 20; // 16 MiB of scores

    /// <summary>A row per request: a score per item listed.</summary>
    /// <param name="recommender">Who scores.</param>
    /// <param name="requests">The requests.</param>
    /// <param name="listed">The items.</param>
    /// <param name="inSpreads">Whether distances are in units of the catalog's spread, for scores whose scale differs from request to request; log-probabilities have a scale of their own.</param>
    public static float[][] Of(TrainedRecommender recommender, RequestBatch requests, int[] listed, bool inSpreads)
    {
        var count = recommender.Items.Count;
        var rows = Math.Clamp(BlockFloats / count, 1, requests.Count);
        var scores = new float[rows * count];
        var result = new List<float[]>(requests.Count);
        for (var first = 0; first < requests.Count; first += rows)
        {
            var block = requests.Slice(first, Math.Min(rows, requests.Count - first));
            recommender.Score(block, scores.AsSpan(0, block.Count * count));
            result.AddRange(Enumerable.Range(0, block.Count).Select(row => Of(scores.AsSpan(row * count, count), listed, inSpreads)));
        }

        return [.. result];
    }

    private static float[] Of(ReadOnlySpan<float> scores, int[] listed, bool inSpreads)
    {
        var (sum, squares) = (0.0, 0.0);
        foreach (var score in scores)
        {
            sum += score;
            squares += (double)score * score;
        }

        var mean = sum / scores.Length;
        var deviation = inSpreads ? Math.Sqrt(Math.Max((squares / scores.Length) - (mean * mean), 1e-12)) : 1;
        var values = new float[listed.Length];
        for (var rank = 0; rank < values.Length; rank++)
        {
            values[rank] = (float)((scores[listed[rank]] - mean) / deviation);
        }

        return values;
    }
}
