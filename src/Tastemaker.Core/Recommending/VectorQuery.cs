namespace Tastemaker.Recommending;

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
    ReadOnlyMemory<float> Vector, float Constant, IReadOnlyList<int> Excluded, Strategy Strategy, IReadOnlyList<string> Notes);
