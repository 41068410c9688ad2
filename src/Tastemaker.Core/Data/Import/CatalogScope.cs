namespace Tastemaker.Data.Import;

/// <summary>Which items make up the catalog.</summary>
public enum CatalogScope
{
    /// <summary>Items that occur in an interaction.</summary>
    Interactions,

    /// <summary>Also items that occur only in the item file, such as ones nobody has used yet.</summary>
    ItemFile,
}
