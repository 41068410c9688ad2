namespace Tastemaker.Recommending;

/// <summary>One recommended item.</summary>
/// <param name="Item">Identifier of the item.</param>
/// <param name="Title">Its title where the data has one.</param>
/// <param name="Score">The system's score; larger is better; comparable only inside one list.</param>
public sealed record Recommendation(string Item, string? Title, float Score);
