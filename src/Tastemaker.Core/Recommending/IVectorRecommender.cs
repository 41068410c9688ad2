namespace Tastemaker.Recommending;

/// <summary>
/// The capability of a recommender whose score of an item is the inner product of a vector of the request with a vector of the item, plus a number that all items
/// have in common. The best items can then be found by whatever finds the largest inner products: an index, or a vector store. Thread-safe.
/// </summary>
public interface IVectorRecommender
{
    /// <summary>Length of a vector.</summary>
    int VectorLength { get; }

    /// <summary>Titles by item index; null where the data has none.</summary>
    IReadOnlyList<string?>? ItemTitles { get; }

    /// <summary>Writes the vectors of some items, one after the other in the order of <see cref="IRecommender.Items"/>.</summary>
    /// <param name="first">Index of the first item.</param>
    /// <param name="vectors">Receives [count, <see cref="VectorLength"/>]; its length says how many.</param>
    void WriteItemVectors(int first, Span<float> vectors);

    /// <summary>
    /// What to look for to answer a request; null where inner products do not answer it: where the answer is popular items, and where the filter
    /// names the only candidates. <see cref="IRecommender.Recommend"/> answers those.
    /// </summary>
    /// <exception cref="InputException">The request names neither a user nor a history nor anything else to go by.</exception>
    VectorQuery? QueryOf(Request request, CandidateFilter? filter = null);
}

/// <summary>
/// A request as a vector: the items with the largest inner products with it, but for those excluded, are the answer. Ask for as many more as
/// there are excluded, and leave these out.
/// </summary>
/// <param name="Vector">The vector.</param>
/// <param name="Constant">To be added to an inner product to make a score.</param>
/// <param name="Excluded">Indexes of items that must not be recommended, ascending and distinct: seen ones, and those the filter excludes.</param>
/// <param name="Strategy">Who answers.</param>
/// <param name="Notes">What the reader should know; usually empty.</param>
public sealed record VectorQuery(
    ReadOnlyMemory<float> Vector, float Constant, IReadOnlyList<int> Excluded, AnswerSource Strategy, IReadOnlyList<string> Notes);
