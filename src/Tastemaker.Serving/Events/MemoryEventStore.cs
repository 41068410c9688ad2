using System.Runtime.CompilerServices;

namespace Tastemaker.Serving.Events;

/// <summary>Keeps events in memory alone: for tests, and for applications that keep their events elsewhere.</summary>
public sealed class MemoryEventStore : IEventStore
{
    private readonly Lock gate = new();
    private readonly List<StoredInteraction> interactions = [];
    private readonly Dictionary<string, AppendReceipt> receipts = [];
    private readonly Dictionary<(EntityKind Kind, string Id), EntityRecord> records = [];
    private long last;

    /// <inheritdoc/>
    public Task<AppendReceipt> AppendAsync(IReadOnlyList<Interaction> interactions, string? idempotencyKey, CancellationToken cancellation)
    {
        StorableText.Check(interactions, idempotencyKey);
        lock (gate)
        {
            if (idempotencyKey is not null && receipts.TryGetValue(idempotencyKey, out var before))
            {
                var first = before.Last - before.Count + 1;
                return Task.FromResult(RepeatedCall.Receipt(idempotencyKey, interactions, before, this.interactions.Where(one => one.Number >= first && one.Number <= before.Last)));
            }

            var now = DateTimeOffset.UtcNow;
            foreach (var one in interactions)
            {
                this.interactions.Add(new StoredInteraction(++last, one.User, one.Item, one.Value, one.Time ?? now));
            }

            var receipt = new AppendReceipt(interactions.Count, last, Repeated: false);
            if (idempotencyKey is not null)
            {
                receipts[idempotencyKey] = receipt;
            }

            return Task.FromResult(receipt);
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<StoredInteraction> ReadAsync(long after, [EnumeratorCancellation] CancellationToken cancellation)
    {
        StoredInteraction[] found;
        lock (gate)
        {
            found = [.. interactions.Where(one => one.Number > after)];
        }

        foreach (var one in found)
        {
            cancellation.ThrowIfCancellationRequested();
            yield return one;
        }

        await Task.CompletedTask.ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public Task PutAsync(EntityKind kind, IReadOnlyList<EntityRecord> records, CancellationToken cancellation)
    {
        StorableText.Check(records);
        lock (gate)
        {
            foreach (var record in records)
            {
                this.records[(kind, record.Id)] = record;
            }
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<EntityRecord> ReadRecordsAsync(EntityKind kind, [EnumeratorCancellation] CancellationToken cancellation)
    {
        EntityRecord[] found;
        lock (gate)
        {
            found = [.. records.Where(pair => pair.Key.Kind == kind).Select(pair => pair.Value)];
        }

        foreach (var record in found)
        {
            cancellation.ThrowIfCancellationRequested();
            yield return record;
        }

        await Task.CompletedTask.ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public Task<long> CountAsync(InteractionFilter filter, CancellationToken cancellation)
    {
        filter.Check();
        lock (gate)
        {
            return Task.FromResult((long)interactions.Count(filter.Matches));
        }
    }

    /// <inheritdoc/>
    public Task<long> ForgetAsync(InteractionFilter filter, CancellationToken cancellation)
    {
        filter.Check();
        lock (gate)
        {
            return Task.FromResult((long)interactions.RemoveAll(filter.Matches));
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
