using Tastemaker.Data;
using Tastemaker.Evaluation.Ranking;
using Tastemaker.Scoring;
using Tastemaker.Training;
using static TorchSharp.torch;

namespace Tastemaker.Recommending;

/// <summary>
/// Two stages: the best candidates of a retriever, in the order of a ranker (Covington et al. 2016). Candidates have the ranker's scores; the rest of the
/// catalog follows in the retriever's order, a whole number below another. Where the ranker cannot answer a request, or tells no two
/// candidates apart, the retriever's answer stands.
/// </summary>
internal sealed class TwoStageRecommender : IRecommender
{
    private readonly IRecommender retriever;
    private readonly IRecommender ranker;

    /// <summary>A pipeline.</summary>
    /// <param name="retriever">Finds candidates; owned from now on.</param>
    /// <param name="ranker">Orders them; owned from now on.</param>
    /// <param name="candidates">How many the ranker orders, besides what the user has seen.</param>
    /// <exception cref="InputException">The two do not know the same users and items.</exception>
    public TwoStageRecommender(IRecommender retriever, IRecommender ranker, int candidates)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(candidates);
        (this.retriever, this.ranker, Candidates) = (retriever, ranker, candidates);
        if (!Same(retriever.Users, ranker.Users) || !Same(retriever.Items, ranker.Items))
        {
            throw new InputException(
                $"{retriever.System} and {ranker.System} do not know the same users and items ({retriever.Users.Count} and {ranker.Users.Count} users, {retriever.Items.Count} and {ranker.Items.Count} items): train both stages on data with the same vocabularies.");
        }
    }

    /// <summary>Finds candidates.</summary>
    public IRecommender Retriever => retriever;

    /// <summary>Orders them.</summary>
    public IRecommender Ranker => ranker;

    /// <summary>How many the ranker orders.</summary>
    public int Candidates { get; }

    /// <inheritdoc/>
    public string System => $"{retriever.System}+{ranker.System}";

    /// <inheritdoc/>
    public Vocabulary Users => retriever.Users;

    /// <inheritdoc/>
    public Vocabulary Items => retriever.Items;

    /// <inheritdoc/>
    public bool RecommendsSeen => retriever.RecommendsSeen;

    /// <inheritdoc/>
    public void Score(RequestBatch requests, Span<float> scores)
    {
        retriever.Score(requests, scores);
        var items = new int[requests.Count][];
        for (var request = 0; request < items.Length; request++)
        {
            items[request] = Best(scores.Slice(request * Items.Count, Items.Count), Seen(requests, request));
        }

        var ranked = Rank(requests, items);
        for (var request = 0; request < items.Length; request++)
        {
            if (ranked[request] is { } values)
            {
                Reorder(scores.Slice(request * Items.Count, Items.Count), items[request], values);
            }
        }
    }

    /// <inheritdoc/>
    public RecommendationList Recommend(Request request, int count, CandidateFilter? filter = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        return Rank(request, retriever.Recommend(request, Math.Max(count, Candidates), filter), count);
    }

    /// <inheritdoc/>
    public IReadOnlyList<RecommendationList> RecommendAll(IReadOnlyList<Request> requests, int count, CandidateFilter? filter = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        return [.. retriever.RecommendAll(requests, Math.Max(count, Candidates), filter).Select((list, place) => Rank(requests[place], list, count))];
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> HistoryOf(string user) => retriever.HistoryOf(user);

    /// <inheritdoc/>
    public RecommendationList Similar(string item, int count) => retriever.Similar(item, count);

    /// <inheritdoc/>
    public IReadOnlyList<string> FindItems(params IReadOnlyList<string> names) => retriever.FindItems(names);

    /// <inheritdoc/>
    public void Dispose()
    {
        retriever.Dispose();
        ranker.Dispose();
    }

    private static bool Same(Vocabulary one, Vocabulary other) => ReferenceEquals(one, other) || one.Ids.SequenceEqual(other.Ids);

    private ReadOnlySpan<int> Seen(RequestBatch requests, int request) =>
        requests.History(request) is { IsEmpty: false } history ? history
        : requests.Users[request] is >= 0 and var user && retriever is TrainedRecommender trained ? trained.Snapshot.Known[user]
        : [];

    // So many of the best that were not seen, and all that were: what is left after seen items are taken out is ranked whole.
    private int[] Best(ReadOnlySpan<float> scores, ReadOnlySpan<int> seen)
    {
        var unseen = scores.ToArray();
        int[] known = RecommendsSeen ? [] : [.. seen.ToArray().Distinct()];
        foreach (var item in known)
        {
            unseen[item] = float.NegativeInfinity;
        }

        var (items, values) = (new int[Math.Min(Candidates, unseen.Length)], new float[Math.Min(Candidates, unseen.Length)]);
        return [.. items[..TopK.Select(unseen, items, values)], .. known];
    }

    private RecommendationList Rank(Request request, RecommendationList list, int count)
    {
        int[] items = [.. list.Items.Take(Candidates).Select(item => Items.IndexOf(item.Item))];
        if (Rank(Of(request), [items])[0] is not { } values)
        {
            return list with
            {
                Items = [.. list.Items.Take(count)],
                Notes = items.Length < 2 ? list.Notes : [.. list.Notes, $"{ranker.System} has no order for the candidates: they come as {retriever.System} gave them."],
            };
        }

        var order = Enumerable.Range(0, items.Length).OrderByDescending(place => values[place]).ThenBy(place => items[place]).ToArray();
        var floor = Math.Floor(values.Min());
        var ranked = order.Select(place => list.Items[place] with { Score = values[place] });
        var rest = list.Items.Skip(items.Length).Select((item, place) => item with { Score = (float)(floor - 1 - place) });
        return list with { Items = [.. ranked.Concat(rest).Take(count)] };
    }

    private RequestBatch Of(Request request)
    {
        if (ranker is TrainedRecommender trained)
        {
            return ResolvedRequest.Of(request, trained).Batch;
        }

        int[] history = [.. (request.History ?? (request.User is null ? [] : ranker.HistoryOf(request.User))).Concat(request.Events?.Select(one => one.Item) ?? []).Select(id => ranker.Items.IndexOf(id)).Where(item => item >= 0)];
        return new RequestBatch([request.User is null ? -1 : ranker.Users.IndexOf(request.User)], new SparseRows([0, history.Length], history, ranker.Items.Count));
    }

    // The ranker's scores of some items for each request; null where it has none or all are alike.
    private float[]?[] Rank(RequestBatch requests, int[][] items)
    {
        var scores = Array.ConvertAll(items, row => new float[row.Length]);
        var plan = (ranker as TrainedRecommender)?.Scoring.Plan(requests);
        if (plan is not null && ranker is TrainedRecommender { Model.Scorer: PairScorer pairs } trained)
        {
            if (plan.Answerable is { } answerable)
            {
                using var scope = NewDisposeScope();
                using var grad = no_grad();
                trained.Model.MakeReady();
                pairs.Score(answerable, [.. plan.Rows.Select(row => items[row])], [.. plan.Rows.Select(row => scores[row])]);
            }
        }
        else
        {
            var all = new float[ranker.Items.Count];
            for (var request = 0; request < items.Length; request++)
            {
                ranker.Score(requests.Slice(request, 1), all);
                scores[request] = Array.ConvertAll(items[request], item => all[item]);
            }
        }

        return [.. scores.Select((row, request) =>
            row.Length < 2 || !row.AsSpan().ContainsAnyExcept(row[0]) || plan?.Strategies[request] is AnswerSource.Popularity ? null
            : FiniteScores.Are(row) ? row
            : throw new InvalidOperationException($"{ranker.System} gave a score that is not a number: its weights have diverged. Train it with a smaller learning rate."))];
    }

    private static void Reorder(Span<float> scores, int[] items, float[] values)
    {
        foreach (var item in items)
        {
            scores[item] = float.NegativeInfinity;
        }

        var rest = new int[scores.Length - items.Length];
        TopK.Select(scores, rest, new float[rest.Length]);
        var floor = Math.Floor(values.Min());
        for (var place = 0; place < rest.Length; place++)
        {
            scores[rest[place]] = (float)(floor - 1 - place);
        }

        for (var place = 0; place < items.Length; place++)
        {
            scores[items[place]] = values[place];
        }
    }
}
