namespace Tastemaker.Serving;

/// <summary>
/// What speaks for a recommended item: an item of the history, for systems that read histories; or a feature, for systems that read features.
/// </summary>
/// <param name="Item">The identifier of the item of the history; null for a feature.</param>
/// <param name="Title">The item's title where known.</param>
/// <param name="Weight">
/// How much the recommended item's score falls without it: when the item is left out of the history, beside the item's fellows in the catalog; when the feature is
/// left blank, as a difference of logits.
/// </param>
/// <param name="Feature">The feature, such as "item.genres"; null for an item.</param>
/// <param name="Value">What the feature is, such as "Comedy", where that can be said in a word.</param>
public sealed record Reason(string? Item, string? Title, float Weight, string? Feature = null, string? Value = null);
