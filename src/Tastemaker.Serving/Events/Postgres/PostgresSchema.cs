using Npgsql;

namespace Tastemaker.Serving.Events.Postgres;

/// <summary>The tables of a store in a database.</summary>
internal static class PostgresSchema
{
    private const int Version = 1;

    // Identifiers are compared by their bytes, whatever the language of the database.
    private const string Tables =
        """
        CREATE TABLE tastemaker_schema (version integer NOT NULL);
        INSERT INTO tastemaker_schema VALUES (1);
        CREATE TABLE tastemaker_interactions (number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, user_id text NOT NULL, item_id text NOT NULL, value real, time timestamptz NOT NULL);
        CREATE TABLE tastemaker_keys (key text COLLATE "C" PRIMARY KEY, count integer NOT NULL, last bigint NOT NULL, stored timestamptz NOT NULL);
        CREATE TABLE tastemaker_entities (kind text COLLATE "C" NOT NULL, id text COLLATE "C" NOT NULL, features jsonb NOT NULL, PRIMARY KEY (kind, id));
        """;

    // Two processes that make the tables at once would hinder each other.
    private const long Lock = 0x5453_544D_0000;

    /// <summary>The name of a kind in the database.</summary>
    public static string Name(EntityKind kind) => kind == EntityKind.Item ? "item" : "user";

    /// <summary>Makes the tables where there are none, and checks their version.</summary>
    /// <exception cref="InputException">They are of another version.</exception>
    public static void Prepare(NpgsqlDataSource source)
    {
        using var connection = source.OpenConnection();
        using var transaction = connection.BeginTransaction();
        Execute(connection, $"SELECT pg_advisory_xact_lock({Lock})");
        using (var exists = new NpgsqlCommand("SELECT to_regclass('tastemaker_schema') IS NOT NULL", connection))
        {
            if (exists.ExecuteScalar() is not true)
            {
                Execute(connection, Tables);
            }
        }

        // Databases of earlier releases lack it.
        using (var indexed = new NpgsqlCommand("SELECT to_regclass('tastemaker_interactions_by_user') IS NOT NULL", connection))
        {
            if (indexed.ExecuteScalar() is not true)
            {
                Execute(connection, "CREATE INDEX tastemaker_interactions_by_user ON tastemaker_interactions (user_id, number)");
            }
        }

        using var command = new NpgsqlCommand("SELECT max(version) FROM tastemaker_schema", connection);
        if (command.ExecuteScalar() is not Version and var version)
        {
            throw new InputException($"The event store in PostgreSQL has version {version}, but this program knows version {Version}. Use the program that wrote it, or a newer one.");
        }

        transaction.Commit();
    }

    private static void Execute(NpgsqlConnection connection, string sql)
    {
        using var command = new NpgsqlCommand(sql, connection);
        command.ExecuteNonQuery();
    }
}
