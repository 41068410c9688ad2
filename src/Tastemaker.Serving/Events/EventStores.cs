namespace Tastemaker.Serving.Events;

/// <summary>Opens stores by name.</summary>
public static class EventStores
{
    /// <summary>The store a text names: "" for memory.</summary>
    /// <exception cref="InputException">The text names no store.</exception>
    public static IEventStore Open(string store) =>
        store.Length == 0 ? new MemoryEventStore() : throw new InputException($"'{store}' names no store.");
}
