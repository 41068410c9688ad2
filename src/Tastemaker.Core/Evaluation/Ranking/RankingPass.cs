using System.Buffers;
using Tastemaker.Evaluation.Metrics;
using Tastemaker.Recommending;

namespace Tastemaker.Evaluation.Ranking;

/// <summary>
/// Ranks and measures the requests of a plan. A recommender that scores parts of its catalog is asked by every thread for itself, and scores are
/// ranked while they are in cache; any other scores whole catalogs, a block of requests at a time, and threads share the ranking of a block.
/// </summary>
internal sealed class RankingPass(IRecommender recommender, RankingPlan plan, ListMetrics lists, EvaluationOptions options)
{
    private const int ChunkRequests = 16;

    // Requests prepared together: enough to keep all threads busy, few enough that their vectors are small.
    private const int PreparedRequests = 2048;

    // A block of whole catalogs should stay in a processor's last-level cache, but of a large catalog, products want some requests at a time.
    private const long CacheBytes = 8 << 20;
    private const int LeastRows = 64;

    private readonly int items = recommender.Items.Count;
    private readonly ParallelOptions parallel = new() { MaxDegreeOfParallelism = options.Threads };

    /// <summary>Measures every request that has targets.</summary>
    public void Run(IProgress<int>? progress, CancellationToken cancellation)
    {
        using var rankers = new ThreadLocal<RequestRanker>(() => new RequestRanker(plan, lists), trackAllValues: true);
        var parts = plan.NeedsListsOnly ? recommender.As<IPartialScorer>() : null;
        if (parts is null || !TryRunInParts(parts, rankers, progress, cancellation))
        {
            RunByBlocks(rankers, progress, cancellation);
        }

        foreach (var ranker in rankers.Values)
        {
            ranker.AddExposure();
        }
    }

    private bool TryRunInParts(IPartialScorer scorer, ThreadLocal<RequestRanker> rankers, IProgress<int>? progress, CancellationToken cancellation)
    {
        var requests = plan.HoldOut.Requests;
        using var memories = new ThreadLocal<GroupLists>(() => new GroupLists(
            items, plan.ListLength, options.BlockBytes / options.Threads, Math.Min(PreparedRequests, requests.Count), options.Threads));
        for (var first = 0; first < requests.Count; first += PreparedRequests)
        {
            cancellation.ThrowIfCancellationRequested();
            var count = Math.Min(PreparedRequests, requests.Count - first);
            if (scorer.Begin(requests.Slice(first, count)) is not { } parts)
            {
                return false;
            }

            RankInParts(parts, first, count, rankers, memories);
            progress?.Report(first + count);
        }

        return true;
    }

    private void RankInParts(IPartialScores parts, int first, int count, ThreadLocal<RequestRanker> rankers, ThreadLocal<GroupLists> memories)
    {
        var failed = int.MaxValue;
        var size = memories.Value!.Requests;
        Parallel.For(0, (count + size - 1) / size, parallel, group =>
        {
            var (start, memory, ranker) = (group * size, memories.Value!, rankers.Value!);
            var members = Math.Min(size, count - start);
            memory.Select(parts, start, members, plan.HoldOut.Excluded, first + start);
            for (var row = 0; row < members; row++)
            {
                var request = first + start + row;
                if (!memory.IsFinite(row))
                {
                    InterlockedMinimum(ref failed, request);
                }
                else if (plan.HoldOut.Targets.Length(request) > 0 && memory.IsFlat(row))
                {
                    RankAlone(request, ranker);
                }
                else if (plan.HoldOut.Targets.Length(request) > 0)
                {
                    ranker.Rank(request, memory.Items(row));
                }
            }
        });
        if (failed < int.MaxValue)
        {
            throw NotFinite(failed);
        }
    }

    private void RankAlone(int request, RequestRanker ranker)
    {
        var buffer = ArrayPool<float>.Shared.Rent(items);
        try
        {
            recommender.Score(plan.HoldOut.Requests.Slice(request, 1), buffer.AsSpan(0, items));
            ranker.Rank(request, buffer.AsSpan(0, items));
        }
        finally
        {
            ArrayPool<float>.Shared.Return(buffer);
        }
    }

    private void RunByBlocks(ThreadLocal<RequestRanker> rankers, IProgress<int>? progress, CancellationToken cancellation)
    {
        var requests = plan.HoldOut.Requests;
        var rowBytes = (long)items * sizeof(float);
        var bytes = Math.Min(options.BlockBytes, Math.Max(CacheBytes, LeastRows * rowBytes));
        var rows = (int)Math.Clamp(Math.Min(bytes, Array.MaxLength * (long)sizeof(float)) / rowBytes, 1, requests.Count);
        var buffer = ArrayPool<float>.Shared.Rent(rows * items);
        try
        {
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
        Parallel.For(0, chunks, parallel, chunk =>
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

    private InvalidOperationException NotFinite(int request)
    {
        var scores = new float[items];
        recommender.Score(plan.HoldOut.Requests.Slice(request, 1), scores); // may know more of the reason, and throw by itself
        return NotFinite(request, scores);
    }

    private InvalidOperationException NotFinite(int request, ReadOnlySpan<float> scores)
    {
        var item = ScoreScan.FirstNotFinite(scores);
        var score = float.IsNaN(scores[item]) ? "NaN" : "an infinite score";
        return new InvalidOperationException(
            $"The system '{recommender.System}' gave {score} for request {request}, item {item} ('{recommender.Items[item]}'): every score must be finite.");
    }
}
