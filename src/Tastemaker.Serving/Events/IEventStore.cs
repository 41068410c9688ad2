namespace Tastemaker.Serving.Events;

/// <summary>
/// Keeps interactions, items and users that an application reports. Thread-safe. Interactions are numbered in the order of storing, those of one call one after
/// the other; who has read a number has read all below it.
/// </summary>
public interface IEventStore : IAsyncDisposable
{
    /// <summary>Stores interactions, all or none. When the task is done they outlast a crash, as far as the store outlasts any.</summary>
    /// <param name="interactions">At least one.</param>
    /// <param name="idempotencyKey">Names the call: a second one with the same key stores nothing and gets the receipt of the first. Null for none.</param>
    /// <param name="cancellation">Gives up waiting; what was handed over may still be stored.</param>
    /// <exception cref="InputException">There are no interactions, a text cannot be stored, or the store fails: nothing is stored.</exception>
    Task<AppendReceipt> AppendAsync(IReadOnlyList<Interaction> interactions, string? idempotencyKey, CancellationToken cancellation);

    /// <summary>Interactions with numbers above <paramref name="after"/>, in ascending order.</summary>
    IAsyncEnumerable<StoredInteraction> ReadAsync(long after, CancellationToken cancellation);

    /// <summary>Adds records, or replaces those with the same identifiers; durable when done.</summary>
    Task PutAsync(EntityKind kind, IReadOnlyList<EntityRecord> records, CancellationToken cancellation);

    /// <summary>All records of a kind.</summary>
    IAsyncEnumerable<EntityRecord> ReadRecordsAsync(EntityKind kind, CancellationToken cancellation);

    /// <summary>Forgets interactions that happened before a time; returns how many.</summary>
    Task<long> ForgetBeforeAsync(DateTimeOffset time, CancellationToken cancellation);
}
