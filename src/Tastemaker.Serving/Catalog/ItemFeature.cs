namespace Tastemaker.Serving.Catalog;

/// <summary>A feature that items have, such as genres.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Categories">Its categories, those of most items first.</param>
public sealed record ItemFeature(string Name, IReadOnlyList<FeatureCategory> Categories);
