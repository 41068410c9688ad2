namespace Tastemaker.Recommending;

/// <summary>One recommended item.</summary>
/// <param name="Item">Identifier of the item.</param>
/// <param name="Title">Its title where the data has one.</param>
/// <param name="Score">The system's score; larger is better; comparable only inside one list.</param>
public sealed record Recommendation(string Item, string? Title, float Score);

/// <summary>The answer to a request, best item first; equal scores are ordered by item index.</summary>
/// <param name="Items">Exactly as many as asked for, or all candidates that remain. Scores are never NaN.</param>
/// <param name="Strategy">What produced the list.</param>
/// <param name="Notes">What the reader should know, such as history items the system does not know; usually empty.</param>
public sealed record RecommendationList(IReadOnlyList<Recommendation> Items, AnswerSource Strategy, IReadOnlyList<string> Notes);
