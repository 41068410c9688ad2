using System.Globalization;
using Microsoft.Data.Sqlite;
using Tastemaker.Data.Import.Formats;

namespace Tastemaker.Serving.Events.Sqlite;

/// <summary>The tables of a store. The file says in its header whose it is (application_id) and which version of the tables it has (user_version).</summary>
internal static class StoreSchema
{
    private const long Version = 1;

    // Numbers are never given twice, not even after the newest interactions were forgotten: models remember how far they have read.
    private const string Tables =
        """
        CREATE TABLE interactions (number INTEGER PRIMARY KEY AUTOINCREMENT, user TEXT NOT NULL, item TEXT NOT NULL, value REAL, time INTEGER NOT NULL);
        CREATE TABLE keys (key TEXT PRIMARY KEY, count INTEGER NOT NULL, last INTEGER NOT NULL, stored INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE entities (kind TEXT NOT NULL, id TEXT NOT NULL, features TEXT NOT NULL, PRIMARY KEY (kind, id)) WITHOUT ROWID;
        """;

    /// <summary>The columns of an interaction, as <see cref="ReadInteraction"/> expects them.</summary>
    public const string Interaction = "number, user, item, value, time";

    /// <summary>The conditions of a filter; see <see cref="Conditions"/>.</summary>
    public const string Matching = "(@before IS NULL OR time < @before) AND (@user IS NULL OR user = @user) AND (@item IS NULL OR item = @item)";

    /// <summary>The parameters of <see cref="Matching"/>.</summary>
    public static (string Name, object? Value)[] Conditions(InteractionFilter filter) =>
        [("@before", filter.Before is { } before ? StoredTime.Of(before) : null), ("@user", filter.User), ("@item", filter.Item)];

    /// <summary>The interaction in a row of <see cref="Interaction"/>.</summary>
    public static StoredInteraction ReadInteraction(SqliteDataReader reader) => new(
        reader.GetInt64(0), reader.GetString(1), reader.GetString(2), reader.IsDBNull(3) ? null : reader.GetFloat(3), StoredTime.At(reader.GetInt64(4)));

    /// <summary>The name of a kind in the file.</summary>
    public static string Name(EntityKind kind) => kind == EntityKind.Item ? "item" : "user";

    /// <summary>Makes the tables in an empty file, or checks those that are there; then sets the connection up to write durably.</summary>
    public static void Prepare(SqliteConnection connection, string path)
    {
        // Two processes may find the same empty file: the one that comes second sees the tables of the first.
        Execute(connection, "BEGIN IMMEDIATE");
        if (IsEmpty(connection))
        {
            Execute(connection, $"{Tables} PRAGMA application_id = {EventStoreFormat.ApplicationId}; PRAGMA user_version = {Version};");
        }

        Execute(connection, "COMMIT");
        Check(connection, path);

        // Stores of earlier releases lack it; it changes nothing for those who read them.
        Execute(connection, "CREATE INDEX IF NOT EXISTS interactions_by_user ON interactions (user)");
        Execute(connection, "PRAGMA journal_mode = WAL");
        Execute(connection, "PRAGMA synchronous = FULL");
    }

    /// <summary>Checks that a file is a store of a version that is known.</summary>
    /// <exception cref="InputException">It is not.</exception>
    public static void Check(SqliteConnection connection, string path)
    {
        if (Number(connection, "PRAGMA application_id") != EventStoreFormat.ApplicationId)
        {
            throw new InputException($"{path} is no event store but a SQLite file of another program. Name another file.");
        }

        if (Number(connection, "PRAGMA user_version") is not Version and var version)
        {
            throw new InputException($"The event store {path} has version {version}, but this program knows version {Version}. Use the program that wrote it, or a newer one.");
        }
    }

    private static bool IsEmpty(SqliteConnection connection) => Number(connection, "SELECT count(*) FROM sqlite_schema") == 0 && Number(connection, "PRAGMA application_id") == 0;

    private static long Number(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return Convert.ToInt64(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
