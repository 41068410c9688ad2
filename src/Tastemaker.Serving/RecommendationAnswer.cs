using Tastemaker.Recommending;

namespace Tastemaker.Serving;

/// <summary>The answer to a query.</summary>
/// <param name="Items">Best item first: as many as asked for, or all that remain.</param>
/// <param name="Strategy">Who answered: the system as trained, its fold-in of new events, features, or popularity.</param>
/// <param name="Notes">What the reader should know; usually empty.</param>
/// <param name="Model">The version of the model that answered.</param>
public sealed record RecommendationAnswer(IReadOnlyList<RecommendedItem> Items, Strategy Strategy, IReadOnlyList<string> Notes, string Model);
