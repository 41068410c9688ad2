namespace Tastemaker.Serving;

/// <summary>An item of the history that speaks for a recommended item.</summary>
/// <param name="Item">Its identifier.</param>
/// <param name="Title">Its title where known.</param>
/// <param name="Weight">How much the recommended item's score falls, beside its fellows' in the catalog, when this item is left out of the history.</param>
public sealed record Reason(string Item, string? Title, float Weight);
