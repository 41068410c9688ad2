using Tastemaker.Data;
using Tastemaker.Retrieval;

namespace Tastemaker.Recommending;

/// <summary>A trained system that finds what it recommends with an index, and otherwise is as before: scoring is exact.</summary>
internal sealed class IndexedRecommender(TrainedRecommender exact, IVectorIndex index) : IRecommender, IPartialScorer
{
    /// <summary>The system without the index; owned.</summary>
    public TrainedRecommender Exact => exact;

    /// <inheritdoc/>
    public string System => exact.System;

    /// <inheritdoc/>
    public Vocabulary Users => exact.Users;

    /// <inheritdoc/>
    public Vocabulary Items => exact.Items;

    /// <inheritdoc/>
    public bool RecommendsSeen => exact.RecommendsSeen;

    /// <inheritdoc/>
    public T? As<T>()
        where T : class => this as T ?? exact.As<T>();

    /// <inheritdoc/>
    public void Score(RequestBatch requests, Span<float> scores) => exact.Score(requests, scores);

    /// <inheritdoc/>
    public IPartialScores? Begin(RequestBatch requests) => exact.Begin(requests);

    /// <inheritdoc/>
    public RecommendationList Recommend(Request request, int count, CandidateFilter? filter = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        var resolved = ResolvedRequest.Of(request, exact);
        var mask = new CandidateMask(filter, RecommendsSeen, Items);
        return new IndexedAnswers(exact, index, count, mask).Find([resolved])[0] ?? exact.Recommend(resolved, count, mask);
    }

    /// <inheritdoc/>
    public IReadOnlyList<RecommendationList> RecommendAll(IReadOnlyList<Request> requests, int count, CandidateFilter? filter = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        return new BatchRecommendation(exact, count, filter, index).Answer(requests);
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> HistoryOf(string user) => exact.HistoryOf(user);

    /// <inheritdoc/>
    public RecommendationList Similar(string item, int count) => exact.Similar(item, count);

    /// <inheritdoc/>
    public IReadOnlyList<string> FindItems(params IReadOnlyList<string> names) => exact.FindItems(names);

    /// <inheritdoc/>
    public void Dispose() => exact.Dispose();
}
