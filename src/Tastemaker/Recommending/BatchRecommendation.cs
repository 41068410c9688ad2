using System.Buffers;
using Tastemaker.Data;
using Tastemaker.Evaluation.Ranking;
using Tastemaker.Retrieval;

namespace Tastemaker.Recommending;

/// <summary>
/// Lists for many requests, each as it would be alone: requests share every read of the items' vectors, and all cores take part. The memory for
/// scores is bounded, whatever the catalog and the number of requests.
/// </summary>
/// <param name="recommender">Who answers.</param>
/// <param name="count">Length of a list.</param>
/// <param name="filter">Which items may be recommended.</param>
/// <param name="index">Finds the items where it can; null to rank the whole catalog.</param>
internal sealed class BatchRecommendation(TrainedRecommender recommender, int count, CandidateFilter? filter, IVectorIndex? index = null)
{
    // Requests prepared together; their vectors and histories are in memory at once.
    private const int BlockRequests = 2048;
    private const long BlockFloats = 16 << 20; // 64 MiB, for systems that score whole catalogs

    private readonly CandidateMask mask = new(filter, recommender.RecommendsSeen, recommender.Items);
    private readonly int items = recommender.Items.Count;

    /// <summary>The lists, in the order of the requests.</summary>
    /// <exception cref="InputException">Some requests hold nothing: all of them at once.</exception>
    public RecommendationList[] Answer(IReadOnlyList<Request> requests)
    {
        var resolved = Resolve(requests);
        var lists = new RecommendationList[resolved.Length];
        for (var first = 0; first < resolved.Length; first += BlockRequests)
        {
            var block = first..Math.Min(first + BlockRequests, resolved.Length);
            if (index is null)
            {
                RankCatalog(resolved[block]).CopyTo(lists, first);
            }
            else
            {
                Find(index, resolved[block]).CopyTo(lists, first);
            }
        }

        return lists;
    }

    private RecommendationList[] Find(IVectorIndex index, ResolvedRequest[] resolved)
    {
        var found = new IndexedAnswers(recommender, index, count, mask).Find(resolved);
        int[] left = [.. Enumerable.Range(0, found.Length).Where(request => found[request] is null)];
        var ranked = left.Length == 0 ? [] : RankCatalog(Array.ConvertAll(left, request => resolved[request]));
        for (var request = 0; request < left.Length; request++)
        {
            found[left[request]] = ranked[request];
        }

        return found!;
    }

    private RecommendationList[] RankCatalog(ResolvedRequest[] resolved)
    {
        var lists = new RecommendationList[resolved.Length];
        var batch = ResolvedRequest.Join(resolved, recommender);
        var plan = recommender.Scoring.Plan(batch);
        if (!mask.Restricts && recommender.Scoring.Begin(batch, plan) is { } parts)
        {
            AnswerInParts(parts, plan, resolved, lists);
        }
        else
        {
            AnswerByRows(batch, resolved, lists);
        }

        return lists;
    }

    private ResolvedRequest[] Resolve(IReadOnlyList<Request> requests)
    {
        var resolved = new ResolvedRequest[requests.Count];
        var problems = new List<string>();
        for (var request = 0; request < resolved.Length; request++)
        {
            try
            {
                resolved[request] = ResolvedRequest.Of(requests[request], recommender);
            }
            catch (InputException empty)
            {
                problems.AddRange(empty.Problems.Select(problem => $"Request {request + 1} of {resolved.Length}: {problem}"));
            }
        }

        return problems.Count == 0 ? resolved : throw new InputException(problems);
    }

    private void AnswerInParts(IPartialScores parts, RequestPlan plan, ReadOnlyMemory<ResolvedRequest> resolved, Memory<RecommendationList> lists)
    {
        var excluded = SparseRows.FromRows([.. resolved.ToArray().Select(request => mask.Excluded(request.Seen))], items);
        using var memories = new ThreadLocal<GroupLists>(() => new GroupLists(items, count, long.MaxValue, resolved.Length, Parallelism.Threads));
        var size = memories.Value!.Requests;
        Parallel.For(0, (resolved.Length + size - 1) / size, Parallelism.Loop(), group =>
        {
            var (first, memory) = (group * size, memories.Value!);
            var members = Math.Min(size, resolved.Length - first);
            memory.Select(parts, first, members, excluded, first);
            for (var row = 0; row < members; row++)
            {
                var request = resolved.Span[first + row];
                // What is flat, popularity may answer; what is not finite, the single door refuses with the reason.
                lists.Span[first + row] = memory.IsFlat(row) || !memory.IsFinite(row)
                    ? recommender.Recommend(request, count, mask)
                    : recommender.List(memory.Items(row), memory.Scores(row), plan.Strategies[first + row], request, mask);
            }
        });
    }

    private void AnswerByRows(RequestBatch batch, ReadOnlyMemory<ResolvedRequest> resolved, Memory<RecommendationList> lists)
    {
        var rows = (int)Math.Clamp(BlockFloats / items, 1, batch.Count);
        var buffer = ArrayPool<float>.Shared.Rent(checked(rows * items));
        try
        {
            for (var first = 0; first < batch.Count; first += rows)
            {
                var block = batch.Slice(first, Math.Min(rows, batch.Count - first));
                var strategies = recommender.Scoring.Score(block, recommender.Scoring.Plan(block), buffer.AsSpan(0, block.Count * items));
                var start = first;
                Parallel.For(0, block.Count, Parallelism.Loop(), row => lists.Span[start + row] =
                    recommender.List(buffer.AsSpan(row * items, items), count, strategies[row], resolved.Span[start + row], mask));
            }
        }
        finally
        {
            ArrayPool<float>.Shared.Return(buffer);
        }
    }
}
