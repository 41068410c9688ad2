using System.Text.Json;
using Microsoft.Data.Sqlite;

namespace Tastemaker.Serving.Events.Sqlite;

/// <summary>What is written, as prepared statements of one connection. Not thread-safe.</summary>
internal sealed class SqliteStatements : IDisposable
{
    private static readonly TimeSpan BetweenPrunings = TimeSpan.FromHours(1);

    private readonly SqliteConnection connection;
    private readonly TimeSpan keyLifetime;
    private readonly SqliteCommand begin;
    private readonly SqliteCommand commit;
    private readonly SqliteCommand rollBack;
    private readonly SqliteCommand append;
    private readonly SqliteCommand findKey;
    private readonly SqliteCommand addKey;
    private readonly SqliteCommand pruneKeys;
    private readonly SqliteCommand put;
    private readonly SqliteCommand forget;
    private readonly SqliteCommand stored;
    private DateTimeOffset nextPruning = DateTimeOffset.MinValue;

    /// <summary>Prepares statements; the connection belongs to them from now on.</summary>
    public SqliteStatements(SqliteConnection connection, TimeSpan keyLifetime)
    {
        (this.connection, this.keyLifetime) = (connection, keyLifetime);
        begin = Command("BEGIN IMMEDIATE");
        commit = Command("COMMIT");
        rollBack = Command("ROLLBACK");
        append = Command("INSERT INTO interactions (user, item, value, time) VALUES (@user, @item, @value, @time) RETURNING number", "@user", "@item", "@value", "@time");
        findKey = Command("SELECT count, last FROM keys WHERE key = @key", "@key");
        addKey = Command("INSERT INTO keys (key, count, last, stored) VALUES (@key, @count, @last, @stored)", "@key", "@count", "@last", "@stored");
        pruneKeys = Command("DELETE FROM keys WHERE stored < @before", "@before");
        put = Command("INSERT INTO entities (kind, id, features) VALUES (@kind, @id, @features) ON CONFLICT DO UPDATE SET features = excluded.features", "@kind", "@id", "@features");
        forget = Command($"DELETE FROM interactions WHERE {StoreSchema.Matching}", "@before", "@user", "@item");
        stored = Command($"SELECT {StoreSchema.Interaction} FROM interactions WHERE number > @after AND number <= @last ORDER BY number", "@after", "@last");
    }

    /// <summary>Begins a transaction.</summary>
    public void Begin() => begin.ExecuteNonQuery();

    /// <summary>Ends the transaction: what was written is on disk.</summary>
    public void Commit() => commit.ExecuteNonQuery();

    /// <summary>Ends the transaction, if there still is one: nothing was written.</summary>
    public void RollBack()
    {
        try
        {
            rollBack.ExecuteNonQuery();
        }
        catch (SqliteException)
        {
            // Grave failures (a full disk) end the transaction by themselves.
        }
    }

    /// <summary>Stores interactions, unless a call with that key did.</summary>
    /// <exception cref="IdempotencyKeyException">A call with that key stored others.</exception>
    public AppendReceipt Append(IReadOnlyList<Interaction> interactions, string? key)
    {
        var now = DateTimeOffset.UtcNow;
        Prune(now);
        if (key is not null && Find(key) is { } before)
        {
            return RepeatedCall.Receipt(key, interactions, before, Stored(before));
        }

        var last = 0L;
        foreach (var one in interactions)
        {
            Set(append, one.User, one.Item, one.Value, StoredTime.Of(one.Time ?? now));
            last = (long)append.ExecuteScalar()!;
        }

        if (key is not null)
        {
            Set(addKey, key, interactions.Count, last, StoredTime.Of(now));
            addKey.ExecuteNonQuery();
        }

        return new AppendReceipt(interactions.Count, last, Repeated: false);
    }

    /// <summary>Adds or replaces records; returns how many.</summary>
    public int Put(EntityKind kind, IReadOnlyList<EntityRecord> records)
    {
        foreach (var record in records)
        {
            Set(put, StoreSchema.Name(kind), record.Id, JsonSerializer.Serialize(record.Features));
            put.ExecuteNonQuery();
        }

        return records.Count;
    }

    /// <summary>Forgets interactions; returns how many.</summary>
    public long Forget(InteractionFilter filter)
    {
        Set(forget, [.. StoreSchema.Conditions(filter).Select(condition => condition.Value)]);
        return forget.ExecuteNonQuery();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var command in (SqliteCommand[])[begin, commit, rollBack, append, findKey, addKey, pruneKeys, put, forget, stored])
        {
            command.Dispose();
        }

        connection.Dispose();
    }

    private static void Set(SqliteCommand command, params ReadOnlySpan<object?> values)
    {
        for (var place = 0; place < values.Length; place++)
        {
            command.Parameters[place].Value = values[place] ?? DBNull.Value;
        }
    }

    private AppendReceipt? Find(string key)
    {
        Set(findKey, key);
        using var reader = findKey.ExecuteReader();
        return reader.Read() ? new AppendReceipt(reader.GetInt32(0), reader.GetInt64(1), Repeated: true) : null;
    }

    private List<StoredInteraction> Stored(AppendReceipt call)
    {
        Set(stored, call.Last - call.Count, call.Last);
        using var reader = stored.ExecuteReader();
        var found = new List<StoredInteraction>(call.Count);
        while (reader.Read())
        {
            found.Add(StoreSchema.ReadInteraction(reader));
        }

        return found;
    }

    private void Prune(DateTimeOffset now)
    {
        if (now >= nextPruning)
        {
            Set(pruneKeys, StoredTime.Of(now - keyLifetime));
            pruneKeys.ExecuteNonQuery();
            nextPruning = now + BetweenPrunings;
        }
    }

    private SqliteCommand Command(string sql, params ReadOnlySpan<string> parameters)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var name in parameters)
        {
            command.Parameters.Add(new SqliteParameter { ParameterName = name });
        }

        return command;
    }
}
