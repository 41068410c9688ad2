using Tastemaker.Data;

namespace Tastemaker.Recommending;

/// <summary>
/// A trained system that ranks a catalog for a request. Thread-safe. Needs no training set.
/// </summary>
public interface IRecommender : IDisposable
{
    /// <summary>Id of the system in the catalog of systems, such as "ease".</summary>
    string System { get; }

    /// <summary>The users it was trained on.</summary>
    Vocabulary Users { get; }

    /// <summary>The catalog it ranks.</summary>
    Vocabulary Items { get; }

    /// <summary>Whether seen items are candidates unless a filter says otherwise: as they were when the system was measured, so with splits of sessions and with repeats as targets.</summary>
    bool RecommendsSeen { get; }

    /// <summary>
    /// What else it can do than rank, by the type of the capability: <see cref="IRatingPredictor"/>, <see cref="IClickPredictor"/>, <see cref="IExpectedValuePredictor"/>,
    /// <see cref="IVectorRecommender"/>.
    /// </summary>
    /// <returns>The capability, which lives as long as the recommender; null where it cannot do that.</returns>
    T? As<T>()
        where T : class => this as T;

    /// <summary>
    /// Scores every item for every request: <paramref name="scores"/> is row-major [requests, items]. A batch gives the scores its requests
    /// would get one by one. Every score is finite. Requests the system cannot answer get popularity scores.
    /// </summary>
    /// <exception cref="ArgumentException">The span has another length than requests x items.</exception>
    void Score(RequestBatch requests, Span<float> scores);

    /// <summary>The <paramref name="count"/> best items, or all that remain after filters if there are fewer.</summary>
    /// <exception cref="InputException">The request names neither a user nor a history nor anything else to go by.</exception>
    RecommendationList Recommend(Request request, int count, CandidateFilter? filter = null);

    /// <summary>
    /// The lists of many requests, in their order: each as <see cref="Recommend(Request, int, CandidateFilter?)"/> gives it, at less cost, because
    /// requests share the work that does not depend on them.
    /// </summary>
    /// <exception cref="InputException">Some requests name nothing to go by: all of them at once.</exception>
    IReadOnlyList<RecommendationList> RecommendAll(IReadOnlyList<Request> requests, int count, CandidateFilter? filter = null) =>
        [.. requests.Select(request => Recommend(request, count, filter))];

    /// <summary>The items a user was trained with, oldest first; empty where there is no such user.</summary>
    IReadOnlyList<string> HistoryOf(string user) => [];

    /// <summary>The items most like an item in the system's own terms; the item itself is not among them.</summary>
    /// <exception cref="InputException">The item is not in the catalog.</exception>
    RecommendationList Similar(string item, int count);

    /// <summary>
    /// The identifiers of items as people name them, one a name and in its order, for histories and filters. A name is an identifier, a title
    /// (case, year and the place of an article do not matter), or a beginning or part of a title that only one item has.
    /// </summary>
    /// <exception cref="InputException">Names that fit no item, with the nearest, and names that fit several, with these: all at once.</exception>
    IReadOnlyList<string> FindItems(params IReadOnlyList<string> names);
}
