using Tastemaker.Retrieval;
using Tastemaker.Scoring;

namespace Tastemaker.Recommending;

/// <summary>
/// Lists out of an index. For each request as many more items are fetched as it may not be recommended, so that what is left is never too short;
/// requests that fetch about as many are searched together.
/// </summary>
/// <param name="recommender">Whose items the index holds.</param>
/// <param name="index">The index.</param>
/// <param name="count">Length of a list.</param>
/// <param name="mask">Which items may be recommended.</param>
internal sealed class IndexedAnswers(TrainedRecommender recommender, IVectorIndex index, int count, CandidateMask mask)
{
    private const int Together = 512;
    private const int LargestShare = 10; // who wants a tenth of the catalog had better rank it

    /// <summary>A list for each request, or null where the catalog must be ranked.</summary>
    public RecommendationList?[] Find(ResolvedRequest[] requests)
    {
        var lists = new RecommendationList?[requests.Length];
        if (mask.Restricts || requests.Length == 0)
        {
            return lists;
        }

        var plan = recommender.Scoring.Plan(ResolvedRequest.Join(requests, recommender));
        if (plan.Answerable is null)
        {
            return lists;
        }

        var (vectors, constants) = recommender.Vectors!.Of(plan.Answerable);
        var most = recommender.Items.Count / LargestShare;
        var wanted = Enumerable.Range(0, plan.Rows.Count)
            .Select(row => new Wanted(
                requests[plan.Rows[row]], plan.Rows[row], plan.Strategies[plan.Rows[row]], vectors.AsMemory(row * index.Dimension, index.Dimension), constants[row],
                VectorQueries.Distinct(mask.Excluded(requests[plan.Rows[row]].Seen))))
            .Where(want => count + want.Excluded.Length <= most && FiniteScores.Are(want.Vector.Span))
            .OrderBy(want => want.Excluded.Length);
        foreach (var group in wanted.Chunk(Together))
        {
            Search(group, lists);
        }

        return lists;
    }

    private void Search(Wanted[] group, RecommendationList?[] lists)
    {
        var fetched = count + group[^1].Excluded.Length;
        var (items, scores) = (new int[group.Length * fetched], new float[group.Length * fetched]);
        int found;
        if (group.Length == 1)
        {
            found = index.Search(group[0].Vector.Span, items, scores);
        }
        else
        {
            var queries = new float[group.Length * index.Dimension];
            for (var row = 0; row < group.Length; row++)
            {
                group[row].Vector.CopyTo(queries.AsMemory(row * index.Dimension));
            }

            found = index.SearchAll(queries, fetched, items, scores);
        }

        for (var row = 0; row < group.Length; row++)
        {
            lists[group[row].Place] = List(group[row], items.AsSpan(row * fetched, found), scores.AsSpan(row * fetched, found));
        }
    }

    // Null where all found score alike: then the whole catalog may, and popularity answers.
    private RecommendationList? List(Wanted want, Span<int> items, Span<float> scores)
    {
        if (scores[0] == scores[^1] && scores.Length > 1)
        {
            return null;
        }

        var kept = 0;
        for (var rank = 0; rank < items.Length && kept < count; rank++)
        {
            if (Array.BinarySearch(want.Excluded, items[rank]) < 0)
            {
                (items[kept], scores[kept]) = (items[rank], scores[rank] + want.Constant);
                kept++;
            }
        }

        return recommender.List(items[..kept], scores[..kept], want.Strategy, want.Request, mask);
    }

    private sealed record Wanted(ResolvedRequest Request, int Place, AnswerSource Strategy, ReadOnlyMemory<float> Vector, float Constant, int[] Excluded);
}
