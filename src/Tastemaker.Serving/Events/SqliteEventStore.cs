using System.Runtime.CompilerServices;
using Tastemaker.Serving.Events.Sqlite;

namespace Tastemaker.Serving.Events;

/// <summary>
/// Keeps events in one SQLite file. A call that returns is on disk: the file has a write-ahead log that is synchronised at each commit, so that neither a killed
/// process nor a power cut loses what was acknowledged. Calls that come while a commit runs share the next one. Times are kept to the microsecond, in UTC.
/// Others may read the file, and copies of this class in other processes may write to it, at any time.
/// </summary>
public sealed class SqliteEventStore : IEventStore
{
    private readonly StoreFile file;
    private readonly SqliteWriter writer;

    private SqliteEventStore(StoreFile file, SqliteWriter writer) => (this.file, this.writer) = (file, writer);

    /// <summary>How long idempotency keys are kept where nothing else is said: a week.</summary>
    public static TimeSpan DefaultKeyLifetime { get; } = TimeSpan.FromDays(7);

    /// <summary>The file.</summary>
    public string Path => file.Path;

    /// <summary>Opens a store, or makes one where there is no file.</summary>
    /// <param name="path">The file; its folder must exist. Beside it lie, while it is open, two more with the endings -wal and -shm.</param>
    /// <param name="keyLifetime">How long a call is known by its idempotency key; null for <see cref="DefaultKeyLifetime"/>.</param>
    /// <exception cref="InputException">The file is no event store, damaged, of a newer version, locked, or cannot be written.</exception>
    public static SqliteEventStore Open(string path, TimeSpan? keyLifetime = null)
    {
        var file = new StoreFile(path);
        return new SqliteEventStore(file, new SqliteWriter(file, keyLifetime ?? DefaultKeyLifetime));
    }

    /// <inheritdoc/>
    public Task<AppendReceipt> AppendAsync(IReadOnlyList<Interaction> interactions, string? idempotencyKey, CancellationToken cancellation)
    {
        StorableText.Check(interactions, idempotencyKey);
        return writer.WriteAsync(statements => statements.Append(interactions, idempotencyKey), cancellation);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<StoredInteraction> ReadAsync(long after, [EnumeratorCancellation] CancellationToken cancellation)
    {
        // Page by page: one long read would keep the log from being taken into the file.
        List<StoredInteraction> page;
        do
        {
            page = await Task.Run(() => file.Interactions(after), cancellation).ConfigureAwait(false);
            foreach (var one in page)
            {
                cancellation.ThrowIfCancellationRequested();
                yield return one;
                after = one.Number;
            }
        }
        while (page.Count > 0);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<StoredInteraction>> ReadUserAsync(string user, int count, CancellationToken cancellation) =>
        Task.Run(IReadOnlyList<StoredInteraction> () => file.InteractionsOf(user, count), cancellation);

    /// <inheritdoc/>
    public Task PutAsync(EntityKind kind, IReadOnlyList<EntityRecord> records, CancellationToken cancellation)
    {
        StorableText.Check(records);
        return writer.WriteAsync(statements => statements.Put(kind, records), cancellation);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<EntityRecord> ReadRecordsAsync(EntityKind kind, [EnumeratorCancellation] CancellationToken cancellation)
    {
        string? after = null;
        List<EntityRecord> page;
        do
        {
            page = await Task.Run(() => file.Records(kind, after), cancellation).ConfigureAwait(false);
            foreach (var record in page)
            {
                cancellation.ThrowIfCancellationRequested();
                yield return record;
                after = record.Id;
            }
        }
        while (page.Count > 0);
    }

    /// <inheritdoc/>
    public Task<long> CountAsync(InteractionFilter filter, CancellationToken cancellation)
    {
        filter.Check();
        return Task.Run(() => file.Count(filter), cancellation);
    }

    /// <inheritdoc/>
    public Task<long> ForgetAsync(InteractionFilter filter, CancellationToken cancellation)
    {
        filter.Check();
        return writer.WriteAsync(statements => statements.Forget(filter), cancellation);
    }

    /// <summary>Stores what was handed over already, and closes the file.</summary>
    public ValueTask DisposeAsync() => writer.DisposeAsync();
}
