namespace Tastemaker.Serving.Catalog;

/// <summary>An item as people see it.</summary>
/// <param name="Id">Its identifier.</param>
/// <param name="Title">Its title where known.</param>
/// <param name="Features">Its categories by feature name.</param>
/// <param name="InModel">Whether the model ranks it; items that came after training wait for the next model.</param>
public sealed record CatalogItem(string Id, string? Title, IReadOnlyDictionary<string, IReadOnlyList<string>> Features, bool InModel);

/// <summary>A feature that items have, such as genres.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Categories">Its categories, those of most items first.</param>
public sealed record ItemFeature(string Name, IReadOnlyList<FeatureCategory> Categories);

/// <summary>A category of a feature of items.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Items">How many items have it.</param>
public sealed record FeatureCategory(string Name, int Items);
