using Tastemaker.Serving;

namespace Tastemaker.Server.Contracts;

/// <summary>A list, best item first.</summary>
/// <param name="Items">As many as asked for, or all that remain.</param>
/// <param name="Strategy">Who answered: model, fold-in, content or popularity.</param>
/// <param name="Notes">What the reader should know.</param>
/// <param name="Model">Version of the model that answered.</param>
/// <param name="Next">The cursor of the next page; absent on the last, and where diversity reorders the list.</param>
internal sealed record RecommendationResponse(IReadOnlyList<RecommendedItem> Items, string Strategy, IReadOnlyList<string> Notes, string Model, string? Next = null);
