using Tastemaker.Serving.Catalog;

namespace Tastemaker.Server.Contracts;

/// <summary>The features that items have.</summary>
/// <param name="Features">By name.</param>
internal sealed record FeatureList(IReadOnlyList<ItemFeature> Features);
