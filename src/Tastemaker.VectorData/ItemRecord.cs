namespace Tastemaker.VectorData;

/// <summary>An item as a vector store keeps it.</summary>
/// <typeparam name="TKey">Type of the store's keys: string, int, long, ulong or Guid.</typeparam>
public sealed class ItemRecord<TKey>
    where TKey : notnull
{
    /// <summary>The store's key: the identifier, the item's index, or a Guid made of the identifier.</summary>
    public TKey Key { get; set; } = default!;

    /// <summary>Identifier of the item.</summary>
    public string Item { get; set; } = "";

    /// <summary>Its title where the data has one.</summary>
    public string? Title { get; set; }

    /// <summary>Its vector.</summary>
    public ReadOnlyMemory<float> Vector { get; set; }
}
