namespace Tastemaker.Serving;

/// <summary>A recommended item.</summary>
/// <param name="Item">Its identifier.</param>
/// <param name="Title">Its title where known.</param>
/// <param name="Score">The system's score; comparable only inside one list.</param>
/// <param name="Because">Where asked for: items of the history that speak for it, strongest first.</param>
public sealed record RecommendedItem(string Item, string? Title, float Score, IReadOnlyList<Reason>? Because = null);
