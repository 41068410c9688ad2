using System.Buffers;
using Tastemaker.Evaluation.Metrics;
using Tastemaker.Recommending;

namespace Tastemaker.Evaluation.Ranking;

/// <summary>Scores the requests of a plan in blocks into one reused buffer, and ranks each block on several threads.</summary>
internal sealed class RankingPass(IRecommender recommender, RankingPlan plan, ListMetrics lists, EvaluationOptions options)
{
    private const int ChunkRequests = 16;

    private readonly int items = recommender.Items.Count;

    /// <summary>Measures every request that has targets.</summary>
    public void Run(IProgress<int>? progress, CancellationToken cancellation)
    {
        var requests = plan.HoldOut.Requests;
        var most = Math.Min(options.BlockBytes / sizeof(float), Array.MaxLength) / items;
        var rows = (int)Math.Clamp(most, 1, requests.Count);
        var buffer = ArrayPool<float>.Shared.Rent(rows * items);
        try
        {
            using var rankers = new ThreadLocal<RequestRanker>(() => new RequestRanker(plan, lists));
            for (var first = 0; first < requests.Count; first += rows)
            {
                cancellation.ThrowIfCancellationRequested();
                var count = Math.Min(rows, requests.Count - first);
                recommender.Score(requests.Slice(first, count), buffer.AsSpan(0, count * items));
                RankBlock(first, count, buffer, rankers);
                progress?.Report(first + count);
            }
        }
        finally
        {
            ArrayPool<float>.Shared.Return(buffer);
        }
    }

    private void RankBlock(int first, int count, float[] buffer, ThreadLocal<RequestRanker> rankers)
    {
        var failed = int.MaxValue;
        var chunks = (count + ChunkRequests - 1) / ChunkRequests;
        Parallel.For(0, chunks, new ParallelOptions { MaxDegreeOfParallelism = options.Threads }, chunk =>
        {
            var ranker = rankers.Value!;
            for (var row = chunk * ChunkRequests; row < Math.Min(count, (chunk + 1) * ChunkRequests); row++)
            {
                var scores = buffer.AsSpan(row * items, items);
                if (ScoreScan.FirstNotFinite(scores) >= 0)
                {
                    InterlockedMinimum(ref failed, row);
                    return;
                }

                if (plan.HoldOut.Targets.Length(first + row) > 0)
                {
                    ranker.Rank(first + row, scores);
                }
            }
        });
        if (failed < int.MaxValue)
        {
            throw NotFinite(first + failed, buffer.AsSpan(failed * items, items));
        }
    }

    /// <summary>The lowest failing request is named, whatever the order in which threads met them.</summary>
    private static void InterlockedMinimum(ref int target, int value)
    {
        for (var seen = Volatile.Read(ref target); value < seen;)
        {
            var before = Interlocked.CompareExchange(ref target, value, seen);
            if (before == seen)
            {
                return;
            }

            seen = before;
        }
    }

    private InvalidOperationException NotFinite(int request, ReadOnlySpan<float> scores)
    {
        var item = ScoreScan.FirstNotFinite(scores);
        var score = float.IsNaN(scores[item]) ? "NaN" : "an infinite score";
        return new InvalidOperationException(
            $"The system '{recommender.System}' gave {score} for request {request}, item {item} ('{recommender.Items[item]}'): every score must be finite.");
    }
}
