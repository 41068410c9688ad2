namespace Tastemaker.Serving.Events;

/// <summary>
/// Keeps interactions, items and users that an application reports. Thread-safe. Interactions are numbered in the order of storing, those of one call one after
/// the other; who has read a number has read all below it.
/// </summary>
public interface IEventStore : IAsyncDisposable
{
    /// <summary>Stores interactions, all or none. When the task is done they outlast a crash, as far as the store outlasts any.</summary>
    /// <param name="interactions">At least one.</param>
    /// <param name="idempotencyKey">Names the call: repeated with the same key it stores nothing and gets the receipt of the first. Null for none.</param>
    /// <param name="cancellation">Gives up waiting; what was handed over may still be stored.</param>
    /// <exception cref="InputException">There are no interactions, or a text cannot be stored: nothing is stored.</exception>
    /// <exception cref="IdempotencyKeyException">An earlier call with the same key stored other interactions: nothing is stored.</exception>
    /// <exception cref="EventStoreException">The store fails: nothing is stored.</exception>
    Task<AppendReceipt> AppendAsync(IReadOnlyList<Interaction> interactions, string? idempotencyKey, CancellationToken cancellation);

    /// <summary>Interactions with numbers above <paramref name="after"/>, in ascending order.</summary>
    IAsyncEnumerable<StoredInteraction> ReadAsync(long after, CancellationToken cancellation);

    /// <summary>The newest interactions of a user, in ascending order of their numbers.</summary>
    /// <param name="user">Identifier of the user.</param>
    /// <param name="count">How many at most.</param>
    /// <param name="cancellation">Gives up.</param>
    async Task<IReadOnlyList<StoredInteraction>> ReadUserAsync(string user, int count, CancellationToken cancellation) =>
        [.. (await ReadAsync(0, cancellation).Where(one => one.User == user).ToListAsync(cancellation).ConfigureAwait(false)).TakeLast(count)];

    /// <summary>Adds records, or replaces those with the same identifiers; durable when done.</summary>
    Task PutAsync(EntityKind kind, IReadOnlyList<EntityRecord> records, CancellationToken cancellation);

    /// <summary>All records of a kind.</summary>
    IAsyncEnumerable<EntityRecord> ReadRecordsAsync(EntityKind kind, CancellationToken cancellation);

    /// <summary>How many interactions <see cref="ForgetAsync"/> would forget now.</summary>
    /// <exception cref="InputException">The filter has no condition.</exception>
    Task<long> CountAsync(InteractionFilter filter, CancellationToken cancellation);

    /// <summary>Forgets interactions for ever; returns how many. Their numbers are not given again.</summary>
    /// <exception cref="InputException">The filter has no condition.</exception>
    Task<long> ForgetAsync(InteractionFilter filter, CancellationToken cancellation);
}

/// <summary>What became of appended interactions.</summary>
/// <param name="Count">How many are stored by this call, or were by the call it repeats.</param>
/// <param name="Last">Number of the last of them; 0 where there was none.</param>
/// <param name="Repeated">Whether a call with the same key had stored them already.</param>
public sealed record AppendReceipt(int Count, long Last, bool Repeated);

/// <summary>
/// An event store cannot do its work: its server does not answer, its file is locked, its disk is full. Nothing of the call was stored, and the same call may
/// succeed later. The message is for the operator: it names the store and the remedy.
/// </summary>
/// <param name="problem">What is wrong and what to do.</param>
/// <param name="cause">What the store's driver threw.</param>
public sealed class EventStoreException(string problem, Exception cause) : InputException(problem, cause);

/// <summary>A call has the idempotency key of an earlier call that stored something else.</summary>
/// <param name="problem">What is wrong and what to do.</param>
public sealed class IdempotencyKeyException(string problem) : InputException([problem]);
