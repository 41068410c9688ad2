using Tastemaker.Serving.Catalog;

namespace Tastemaker.Server.Contracts;

/// <summary>What is known of an item or a user.</summary>
/// <param name="Title">Names it for people.</param>
/// <param name="Features">Categories by feature name.</param>
internal sealed record EntityBody(string? Title = null, IReadOnlyDictionary<string, IReadOnlyList<string>>? Features = null);

/// <summary>A page of the catalog.</summary>
/// <param name="Items">The items.</param>
/// <param name="Next">The cursor of the next page; absent on the last.</param>
internal sealed record ItemPage(IReadOnlyList<CatalogItem> Items, string? Next = null);

/// <summary>A page of the users.</summary>
/// <param name="Users">Their identifiers.</param>
/// <param name="Next">The cursor of the next page; absent on the last.</param>
internal sealed record UserPage(IReadOnlyList<string> Users, string? Next = null);

/// <summary>The features that items have.</summary>
/// <param name="Features">By name.</param>
internal sealed record FeatureList(IReadOnlyList<ItemFeature> Features);

/// <summary>What was forgotten.</summary>
/// <param name="Forgotten">How many interactions.</param>
internal sealed record ForgetResponse(long Forgotten);
