namespace Tastemaker.Serving.Catalog;

/// <summary>A category of a feature of items.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Items">How many items have it.</param>
public sealed record FeatureCategory(string Name, int Items);
