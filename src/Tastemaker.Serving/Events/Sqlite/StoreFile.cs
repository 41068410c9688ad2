using System.Text.Json;
using Microsoft.Data.Sqlite;

namespace Tastemaker.Serving.Events.Sqlite;

/// <summary>The file of a store: its schema, connections to it, and what is read from it.</summary>
/// <param name="path">The file.</param>
/// <param name="patience">Seconds to wait for what another program holds: long enough for a commit, short enough for who waits.</param>
internal sealed class StoreFile(string path, int patience = 10)
{
    private const int PageSize = 10_000;

    /// <summary>Where it is.</summary>
    public string Path => path;

    /// <summary>A connection that writes; makes the file and its tables where there are none.</summary>
    /// <exception cref="InputException">The file is no event store, damaged, of a newer version, locked, or cannot be written.</exception>
    public SqliteConnection OpenToWrite()
    {
        if (System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(Path)) is { } folder && !Directory.Exists(folder))
        {
            throw new InputException($"The event store {Path} cannot be made: there is no folder {folder}. Make it, or name another file.");
        }

        try
        {
            return Open(SqliteOpenMode.ReadWriteCreate, StoreSchema.Prepare);
        }
        catch (SqliteException failure)
        {
            throw Explain(failure);
        }
    }

    /// <summary>The first interactions after a number: as many as a page holds; none at the end.</summary>
    public List<StoredInteraction> Interactions(long after) => Read(
        $"SELECT {StoreSchema.Interaction} FROM interactions WHERE number > @after ORDER BY number LIMIT {PageSize}", StoreSchema.ReadInteraction, ("@after", after));

    /// <summary>The newest interactions of a user, so many at most, in ascending order.</summary>
    public List<StoredInteraction> InteractionsOf(string user, int count)
    {
        var newest = Read(
            $"SELECT {StoreSchema.Interaction} FROM interactions WHERE user = @user ORDER BY number DESC LIMIT @count", StoreSchema.ReadInteraction, ("@user", user), ("@count", count));
        newest.Reverse();
        return newest;
    }

    /// <summary>How many interactions a filter lets through.</summary>
    public long Count(InteractionFilter filter) =>
        Read($"SELECT COUNT(*) FROM interactions WHERE {StoreSchema.Matching}", reader => reader.GetInt64(0), StoreSchema.Conditions(filter))[0];

    /// <summary>The first records after an identifier: as many as a page holds; none at the end.</summary>
    public List<EntityRecord> Records(EntityKind kind, string? after) => Read(
        $"SELECT id, features FROM entities WHERE kind = @kind AND (@after IS NULL OR id > @after) ORDER BY id LIMIT {PageSize}",
        reader => new EntityRecord(reader.GetString(0), JsonSerializer.Deserialize<Dictionary<string, string>>(reader.GetString(1))!),
        ("@kind", StoreSchema.Name(kind)),
        ("@after", after));

    /// <summary>SQLite's complaint in words, with the remedy.</summary>
    public EventStoreException Explain(SqliteException failure) => new(
        failure.SqliteErrorCode switch
        {
            5 or 6 => $"The event store {Path} is locked by another program for more than {patience} s. End what holds it (a backup, an open database browser), and try again.",
            8 or 14 or 3 => $"The event store {Path} cannot be opened or written: {failure.Message}. See to the rights of the file and of its folder.",
            11 => $"The event store {Path} is damaged: {failure.Message}. Put a backup in its place, or save what can be read with: sqlite3 {Path} .recover",
            13 => $"The disk of the event store {Path} is full; nothing of this call was stored. Make room, and repeat the call.",
            26 => $"{Path} is no event store: it is not a file of SQLite. Name another file.",
            _ => $"The event store {Path} failed: {failure.Message}",
        },
        failure);

    private List<T> Read<T>(string sql, Func<SqliteDataReader, T> read, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        try
        {
            using var connection = Open(SqliteOpenMode.ReadOnly, StoreSchema.Check);
            using var command = connection.CreateCommand();
            command.CommandText = sql;
            foreach (var (name, value) in parameters)
            {
                command.Parameters.AddWithValue(name, value ?? DBNull.Value);
            }

            using var reader = command.ExecuteReader();
            var rows = new List<T>();
            while (reader.Read())
            {
                rows.Add(read(reader));
            }

            return rows;
        }
        catch (SqliteException failure)
        {
            throw Explain(failure);
        }
    }

    private SqliteConnection Open(SqliteOpenMode mode, Action<SqliteConnection, string> prepare)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = Path, Mode = mode, Pooling = false, DefaultTimeout = patience,
        }.ToString());
        try
        {
            connection.Open();
            prepare(connection, Path);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }
}
