using Tastemaker.Data;
using Tastemaker.Systems;

namespace Tastemaker.Recommending;

/// <summary>
/// A trained system in the vocabularies of other data, so that it can be measured on a hold-out of that. Users and items it does not know are left out of requests;
/// such items rank last. As in service, a history replaces what the system knows of the user where it can read one, but for systems that follow users.
/// </summary>
internal sealed class TranslatedRecommender : IRecommender
{
    private readonly TrainedRecommender inner;
    private readonly int[] users; // by index in the other vocabulary; -1 where unknown
    private readonly int[] items;

    /// <summary>Translates; the recommender stays the caller's.</summary>
    public TranslatedRecommender(TrainedRecommender inner, Vocabulary users, Vocabulary items)
    {
        (this.inner, Users, Items) = (inner, users, items);
        this.users = [.. users.Ids.Select(id => inner.Users.IndexOf(id))];
        this.items = [.. items.Ids.Select(id => inner.Items.IndexOf(id))];
    }

    /// <inheritdoc/>
    public string System => inner.System;

    /// <inheritdoc/>
    public Vocabulary Users { get; }

    /// <inheritdoc/>
    public Vocabulary Items { get; }

    /// <inheritdoc/>
    public bool RecommendsSeen => inner.RecommendsSeen;

    /// <inheritdoc/>
    public void Score(RequestBatch requests, Span<float> scores)
    {
        var known = new float[requests.Count * inner.Items.Count];
        inner.Score(Translate(requests), known);
        for (var request = 0; request < requests.Count; request++)
        {
            var mine = known.AsSpan(request * inner.Items.Count, inner.Items.Count);
            var theirs = scores.Slice(request * Items.Count, Items.Count);
            var last = float.BitDecrement(mine.IsEmpty ? 0 : Least(mine));
            for (var item = 0; item < theirs.Length; item++)
            {
                theirs[item] = items[item] >= 0 ? mine[items[item]] : last;
            }
        }
    }

    /// <inheritdoc/>
    public RecommendationList Recommend(Request request, int count, CandidateFilter? filter = null) => inner.Recommend(request, count, filter);

    /// <inheritdoc/>
    public RecommendationList Similar(string item, int count) => inner.Similar(item, count);

    /// <inheritdoc/>
    public IReadOnlyList<string> FindItems(params IReadOnlyList<string> names) => inner.FindItems(names);

    /// <summary>Nothing: the recommender is the caller's.</summary>
    public void Dispose()
    {
    }

    private RequestBatch Translate(RequestBatch requests)
    {
        var reads = inner.Info.Answers.HasFlag(Capabilities.Histories) && !inner.Info.FollowsUsers;
        var known = new int[requests.Count];
        var histories = new RequestHistory[requests.Count];
        for (var request = 0; request < known.Length; request++)
        {
            histories[request] = History(requests, request);
            var user = requests.Users[request];
            known[request] = user < 0 || (reads && histories[request].Items.Length > 0) ? -1 : users[user];
        }

        return new RequestBatch(known, RequestHistory.Rows(histories, inner.Items.Count, inner.Scoring.AbsentValue), [.. Enumerable.Range(0, requests.Count).Select(requests.Features)]);
    }

    private RequestHistory History(RequestBatch requests, int request)
    {
        int[] places = [.. Enumerable.Range(0, requests.History(request).Length).Where(place => items[requests.History(request)[place]] >= 0)];
        return new RequestHistory(
            Array.ConvertAll(places, place => items[requests.History(request)[place]]),
            requests.HistoryValues(request).IsEmpty ? null : Array.ConvertAll(places, place => requests.HistoryValues(request)[place]),
            requests.HistoryTimes(request).IsEmpty ? null : Array.ConvertAll(places, place => requests.HistoryTimes(request)[place]));
    }

    private static float Least(ReadOnlySpan<float> scores)
    {
        var least = scores[0];
        foreach (var score in scores)
        {
            least = Math.Min(least, score);
        }

        return least;
    }
}
