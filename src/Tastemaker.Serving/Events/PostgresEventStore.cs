using System.Runtime.CompilerServices;
using System.Text.Json;
using Npgsql;
using NpgsqlTypes;
using Tastemaker.Serving.Events.Postgres;

namespace Tastemaker.Serving.Events;

/// <summary>
/// Keeps events in a PostgreSQL database, in tables whose names begin with <c>tastemaker_</c>; they are made where there are none. Each call is a transaction, and
/// is as durable as the server commits (its default is to disk). Several processes may write; calls that append queue for a lock, so that numbers ascend in the
/// order in which they become visible, and a reader who has seen a number has seen all below it.
/// </summary>
public sealed class PostgresEventStore : IEventStore
{
    private const int PageSize = 10_000;

    // Any number that others hardly use: advisory locks share one space in a database.
    private const long AppendLock = 0x5453_544D_0001;
    private const string Columns = "number, user_id, item_id, value, time";
    private const string Matching = "(@before IS NULL OR time < @before) AND (@user IS NULL OR user_id = @user) AND (@item IS NULL OR item_id = @item)";

    private const int MostConnections = 20;

    private static readonly TimeSpan BetweenPrunings = TimeSpan.FromHours(1);

    private readonly NpgsqlDataSource source;
    private readonly TimeSpan keyLifetime;
    private long nextPruning;

    private PostgresEventStore(NpgsqlDataSource source, TimeSpan keyLifetime) => (this.source, this.keyLifetime) = (source, keyLifetime);

    /// <summary>Connects, and makes the tables where there are none.</summary>
    /// <param name="connection">A connection string of Npgsql, such as "Host=localhost;Database=shop;Username=recommender", or a URI that begins with postgres://.</param>
    /// <param name="keyLifetime">How long a call is known by its idempotency key; null for <see cref="SqliteEventStore.DefaultKeyLifetime"/>.</param>
    /// <exception cref="InputException">The text is no connection string, the server does not answer, or the tables are of a newer version.</exception>
    public static PostgresEventStore Open(string connection, TimeSpan? keyLifetime = null)
    {
        var text = ConnectionText.Parse(connection);
        NpgsqlDataSource? source = null;
        try
        {
            source = NpgsqlDataSource.Create(Pooled(text));
            PostgresSchema.Prepare(source);
            return new PostgresEventStore(source, keyLifetime ?? SqliteEventStore.DefaultKeyLifetime);
        }
        catch (Exception failure)
        {
            source?.Dispose();
            throw failure switch
            {
                NpgsqlException refused => ConnectionText.Explain(refused),
                ArgumentException wrong => new InputException($"The connection to PostgreSQL cannot be used: {wrong.Message}", wrong),
                _ => failure,
            };
        }
    }

    // The driver's pool of 100 is more than a server with PostgreSQL's own limit of 100 gives away: calls beyond it are refused, where those beyond a smaller pool wait.
    private static string Pooled(string text)
    {
        var connection = new NpgsqlConnectionStringBuilder(text);
        if (connection.MaxPoolSize == new NpgsqlConnectionStringBuilder().MaxPoolSize)
        {
            connection.MaxPoolSize = Math.Max(MostConnections, connection.MinPoolSize);
        }

        return connection.ConnectionString;
    }

    /// <inheritdoc/>
    public async Task<AppendReceipt> AppendAsync(IReadOnlyList<Interaction> interactions, string? idempotencyKey, CancellationToken cancellation)
    {
        StorableText.Check(interactions, idempotencyKey);
        try
        {
            var connection = await source.OpenConnectionAsync(cancellation).ConfigureAwait(false);
            await using var closing = connection.ConfigureAwait(false);
            var transaction = await connection.BeginTransactionAsync(cancellation).ConfigureAwait(false);
            await using var ending = transaction.ConfigureAwait(false);
            var receipt = await AppendAsync(connection, interactions, idempotencyKey, cancellation).ConfigureAwait(false);
            await transaction.CommitAsync(cancellation).ConfigureAwait(false);
            return receipt;
        }
        catch (NpgsqlException failure)
        {
            throw ConnectionText.Explain(failure);
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<StoredInteraction> ReadAsync(long after, [EnumeratorCancellation] CancellationToken cancellation)
    {
        List<StoredInteraction> page;
        do
        {
            page = await RowsAsync(
                $"SELECT {Columns} FROM tastemaker_interactions WHERE number > @after ORDER BY number LIMIT {PageSize}", [new NpgsqlParameter("after", after)], ReadInteraction, cancellation)
                .ConfigureAwait(false);
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
    public async Task<IReadOnlyList<StoredInteraction>> ReadUserAsync(string user, int count, CancellationToken cancellation)
    {
        var newest = await RowsAsync(
            $"SELECT {Columns} FROM tastemaker_interactions WHERE user_id = @user ORDER BY number DESC LIMIT @count",
            [new NpgsqlParameter("user", user), new NpgsqlParameter("count", count)],
            ReadInteraction,
            cancellation).ConfigureAwait(false);
        newest.Reverse();
        return newest;
    }

    /// <inheritdoc/>
    public Task PutAsync(EntityKind kind, IReadOnlyList<EntityRecord> records, CancellationToken cancellation)
    {
        StorableText.Check(records);

        // One statement may not touch a record twice: of those given twice the last counts, as if they came one after the other.
        var last = records.GroupBy(record => record.Id).Select(group => group.Last()).ToList();
        return ExecuteAsync(
            "INSERT INTO tastemaker_entities (kind, id, features) SELECT @kind, id, features::jsonb FROM unnest(@ids, @features) AS given (id, features) " +
            "ON CONFLICT (kind, id) DO UPDATE SET features = excluded.features",
            [
                new NpgsqlParameter("kind", PostgresSchema.Name(kind)),
                new NpgsqlParameter("ids", last.Select(record => record.Id).ToArray()),
                new NpgsqlParameter("features", last.Select(record => JsonSerializer.Serialize(record.Features)).ToArray()),
            ],
            cancellation);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<EntityRecord> ReadRecordsAsync(EntityKind kind, [EnumeratorCancellation] CancellationToken cancellation)
    {
        string? after = null;
        List<EntityRecord> page;
        do
        {
            page = await RowsAsync(
                $"SELECT id, features::text FROM tastemaker_entities WHERE kind = @kind AND (@after IS NULL OR id > @after) ORDER BY id LIMIT {PageSize}",
                [new NpgsqlParameter("kind", PostgresSchema.Name(kind)), new NpgsqlParameter("after", NpgsqlDbType.Text) { Value = (object?)after ?? DBNull.Value }],
                reader => new EntityRecord(reader.GetString(0), JsonSerializer.Deserialize<Dictionary<string, string>>(reader.GetString(1))!),
                cancellation).ConfigureAwait(false);
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
    public async Task<long> CountAsync(InteractionFilter filter, CancellationToken cancellation) => (await RowsAsync(
        $"SELECT COUNT(*) FROM tastemaker_interactions WHERE {Matching}", Conditions(filter), reader => reader.GetInt64(0), cancellation).ConfigureAwait(false))[0];

    /// <inheritdoc/>
    public async Task<long> ForgetAsync(InteractionFilter filter, CancellationToken cancellation) =>
        await ExecuteAsync($"DELETE FROM tastemaker_interactions WHERE {Matching}", Conditions(filter), cancellation).ConfigureAwait(false);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => source.DisposeAsync();

    private static async Task<AppendReceipt> AppendAsync(
        NpgsqlConnection connection, IReadOnlyList<Interaction> interactions, string? key, DateTimeOffset now, CancellationToken cancellation)
    {
        await RunAsync(connection, "SELECT pg_advisory_xact_lock(@lock)", [new NpgsqlParameter("lock", AppendLock)], cancellation).ConfigureAwait(false);
        if (key is not null && await FindAsync(connection, key, cancellation).ConfigureAwait(false) is { } before)
        {
            return RepeatedCall.Receipt(key, interactions, before, await StoredAsync(connection, before, cancellation).ConfigureAwait(false));
        }

        using var append = new NpgsqlCommand(
            "WITH stored AS (INSERT INTO tastemaker_interactions (user_id, item_id, value, time) SELECT user_id, item_id, value, time FROM " +
            "unnest(@users, @items, @values, @times) WITH ORDINALITY AS given (user_id, item_id, value, time, place) ORDER BY place RETURNING number) SELECT max(number) FROM stored",
            connection);
        append.Parameters.AddWithValue("users", interactions.Select(one => one.User).ToArray());
        append.Parameters.AddWithValue("items", interactions.Select(one => one.Item).ToArray());
        append.Parameters.AddWithValue("values", interactions.Select(one => one.Value).ToArray());
        append.Parameters.AddWithValue("times", interactions.Select(one => (one.Time ?? now).ToUniversalTime()).ToArray());
        var last = (long)(await append.ExecuteScalarAsync(cancellation).ConfigureAwait(false))!;
        if (key is not null)
        {
            await RunAsync(
                connection,
                "INSERT INTO tastemaker_keys (key, count, last, stored) VALUES (@key, @count, @last, @stored)",
                [new NpgsqlParameter("key", key), new NpgsqlParameter("count", interactions.Count), new NpgsqlParameter("last", last), new NpgsqlParameter("stored", now)],
                cancellation).ConfigureAwait(false);
        }

        return new AppendReceipt(interactions.Count, last, Repeated: false);
    }

    private static async Task<List<StoredInteraction>> StoredAsync(NpgsqlConnection connection, AppendReceipt call, CancellationToken cancellation)
    {
        using var command = new NpgsqlCommand($"SELECT {Columns} FROM tastemaker_interactions WHERE number > @after AND number <= @last ORDER BY number", connection);
        command.Parameters.AddWithValue("after", call.Last - call.Count);
        command.Parameters.AddWithValue("last", call.Last);
        return await ReadAsync(command, ReadInteraction, cancellation).ConfigureAwait(false);
    }

    private static StoredInteraction ReadInteraction(NpgsqlDataReader reader) => new(
        reader.GetInt64(0), reader.GetString(1), reader.GetString(2), reader.IsDBNull(3) ? null : reader.GetFloat(3), reader.GetFieldValue<DateTimeOffset>(4));

    private static NpgsqlParameter[] Conditions(InteractionFilter filter)
    {
        filter.Check();
        return
        [
            new NpgsqlParameter("before", NpgsqlDbType.TimestampTz) { Value = (object?)filter.Before?.ToUniversalTime() ?? DBNull.Value },
            new NpgsqlParameter("user", NpgsqlDbType.Text) { Value = (object?)filter.User ?? DBNull.Value },
            new NpgsqlParameter("item", NpgsqlDbType.Text) { Value = (object?)filter.Item ?? DBNull.Value },
        ];
    }

    private static async Task<List<T>> ReadAsync<T>(NpgsqlCommand command, Func<NpgsqlDataReader, T> read, CancellationToken cancellation)
    {
        var reader = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        await using var closing = reader.ConfigureAwait(false);
        var rows = new List<T>();
        while (await reader.ReadAsync(cancellation).ConfigureAwait(false))
        {
            rows.Add(read(reader));
        }

        return rows;
    }

    private static async Task<AppendReceipt?> FindAsync(NpgsqlConnection connection, string key, CancellationToken cancellation)
    {
        using var command = new NpgsqlCommand("SELECT count, last FROM tastemaker_keys WHERE key = @key", connection);
        command.Parameters.AddWithValue("key", key);
        var reader = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        await using var closing = reader.ConfigureAwait(false);
        return await reader.ReadAsync(cancellation).ConfigureAwait(false) ? new AppendReceipt(reader.GetInt32(0), reader.GetInt64(1), Repeated: true) : null;
    }

    private static async Task<int> RunAsync(NpgsqlConnection connection, string sql, IEnumerable<NpgsqlParameter> parameters, CancellationToken cancellation)
    {
        using var command = new NpgsqlCommand(sql, connection);
        command.Parameters.AddRange(parameters.ToArray());
        return await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
    }

    private async Task<AppendReceipt> AppendAsync(NpgsqlConnection connection, IReadOnlyList<Interaction> interactions, string? key, CancellationToken cancellation)
    {
        var now = DateTimeOffset.UtcNow;
        var due = Volatile.Read(ref nextPruning);
        if (now.UtcTicks >= due && Interlocked.CompareExchange(ref nextPruning, (now + BetweenPrunings).UtcTicks, due) == due)
        {
            await RunAsync(connection, "DELETE FROM tastemaker_keys WHERE stored < @before", [new NpgsqlParameter("before", now - keyLifetime)], cancellation).ConfigureAwait(false);
        }

        return await AppendAsync(connection, interactions, key, now, cancellation).ConfigureAwait(false);
    }

    private async Task<int> ExecuteAsync(string sql, IEnumerable<NpgsqlParameter> parameters, CancellationToken cancellation)
    {
        try
        {
            var connection = await source.OpenConnectionAsync(cancellation).ConfigureAwait(false);
            await using var closing = connection.ConfigureAwait(false);
            return await RunAsync(connection, sql, parameters, cancellation).ConfigureAwait(false);
        }
        catch (NpgsqlException failure)
        {
            throw ConnectionText.Explain(failure);
        }
    }

    private async Task<List<T>> RowsAsync<T>(string sql, IEnumerable<NpgsqlParameter> parameters, Func<NpgsqlDataReader, T> read, CancellationToken cancellation)
    {
        try
        {
            using var command = source.CreateCommand(sql);
            command.Parameters.AddRange(parameters.ToArray());
            return await ReadAsync(command, read, cancellation).ConfigureAwait(false);
        }
        catch (NpgsqlException failure)
        {
            throw ConnectionText.Explain(failure);
        }
    }
}
