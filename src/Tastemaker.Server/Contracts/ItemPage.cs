using Tastemaker.Serving.Catalog;

namespace Tastemaker.Server.Contracts;

/// <summary>A page of the catalog.</summary>
/// <param name="Items">The items.</param>
/// <param name="Next">The cursor of the next page; absent on the last.</param>
internal sealed record ItemPage(IReadOnlyList<CatalogItem> Items, string? Next = null);
