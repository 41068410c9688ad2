namespace Tastemaker.Features;

/// <summary>What a row holds in a field.</summary>
internal enum FieldKind
{
    /// <summary>One category: an index, 0 where unknown or missing.</summary>
    Category,

    /// <summary>Any number of categories, each with a weight.</summary>
    Categories,

    /// <summary>A number, transformed; 0 where missing.</summary>
    Number,
}
