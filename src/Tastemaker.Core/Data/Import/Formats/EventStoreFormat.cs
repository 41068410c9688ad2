using System.Buffers.Binary;
using System.Data.Common;
using System.Globalization;
using Tastemaker.Data.Import.Reading;

namespace Tastemaker.Data.Import.Formats;

/// <summary>
/// The event stores of the service, as data: a SQLite file that says in its header what it is, or a PostgreSQL database with the tables that the service makes
/// there. They need no query; a given one is stronger.
/// </summary>
internal static class EventStoreFormat
{
    /// <summary>Tells a store from other SQLite files: "TSTM" in the header.</summary>
    public const int ApplicationId = 0x5453_544D;

    private const int MarkOffset = 68; // of application_id in SQLite's header

    /// <summary>Whether a path is the file of an event store.</summary>
    public static bool IsFile(string path)
    {
        if (!File.Exists(path))
        {
            return false;
        }

        Span<byte> header = stackalloc byte[100];
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        return file.ReadAtLeast(header, header.Length, throwOnEndOfStream: false) == header.Length && header.StartsWith("SQLite format 3\0"u8)
            && BinaryPrimitives.ReadInt32BigEndian(header[MarkOffset..]) == ApplicationId;
    }

    /// <summary>Whether a PostgreSQL database holds an event store.</summary>
    public static bool IsIn(DbConnection connection) => Scalar(connection, "SELECT to_regclass('tastemaker_interactions') IS NOT NULL") is true;

    /// <summary>The queries that read a store, up to the interaction that is the last now.</summary>
    /// <exception cref="InputException">Some interactions have values and others have none, and nothing says what becomes of these.</exception>
    public static StoreQueries Queries(DbConnection connection, DataFormat format, MissingValues missing)
    {
        var isFile = format == DataFormat.Sqlite;
        var table = isFile ? "interactions" : "tastemaker_interactions";
        var last = Convert.ToInt64(Scalar(connection, $"SELECT COALESCE(MAX(number), 0) FROM {table}"), CultureInfo.InvariantCulture);
        var valued = Convert.ToInt64(Scalar(connection, $"SELECT COUNT(value) FROM {table} WHERE number <= {last}"), CultureInfo.InvariantCulture);
        var all = Convert.ToInt64(Scalar(connection, $"SELECT COUNT(*) FROM {table} WHERE number <= {last}"), CultureInfo.InvariantCulture);
        var mixed = valued > 0 && valued < all;
        if (mixed && missing == MissingValues.Refuse)
        {
            throw new InputException(string.Create(CultureInfo.InvariantCulture, $"Of the store's {all:N0} interactions {valued:N0} have a value and the others have none. ") +
                "Say what becomes of these by the option missing-values (--missing-values): positive counts them as the largest value, leave-out drops them.");
        }

        var value = valued == 0 ? "" : mixed && missing == MissingValues.Positive
            ? $", COALESCE(value, (SELECT MAX(value) FROM {table} WHERE number <= {last})) AS value"
            : ", value";
        var which = $"number <= {last}{(mixed && missing == MissingValues.LeaveOut ? " AND value IS NOT NULL" : "")}";
        string[] notes = !mixed ? [] : [string.Create(CultureInfo.InvariantCulture, $"Of the store's {all:N0} interactions {all - valued:N0} have no value: ") +
            (missing == MissingValues.Positive ? "they count as positives, with the largest value that there is." : "they are left out.")];
        return new StoreQueries(
            isFile
                ? $"SELECT user, item{value}, time FROM {table} WHERE {which} ORDER BY number"
                : $"SELECT user_id, item_id{value}, CAST(FLOOR(EXTRACT(EPOCH FROM time) * 1000000) AS BIGINT) AS time FROM {table} WHERE {which} ORDER BY number",
            Records(connection, isFile, "item"),
            Records(connection, isFile, "user"),
            last,
            notes);
    }

    // Features are kept as one JSON object a record; here each becomes a column.
    private static string? Records(DbConnection connection, bool isFile, string kind)
    {
        var names = new List<string>();
        using (var command = connection.CreateCommand())
        {
            command.CommandText = isFile
                ? $"SELECT DISTINCT feature.key FROM entities, json_each(features) AS feature WHERE kind = '{kind}' ORDER BY 1"
                : $"SELECT DISTINCT jsonb_object_keys(features) FROM tastemaker_entities WHERE kind = '{kind}' ORDER BY 1";
            using var reader = command.ExecuteReader();
            while (reader.Read())
            {
                names.Add(reader.GetString(0));
            }
        }

        var columns = names.Select(name => isFile
            ? $"(SELECT feature.value FROM json_each(features) AS feature WHERE feature.key = {DuckDbSession.Literal(name)}) AS {DuckDbSession.Name(name)}"
            : $"features ->> {DuckDbSession.Literal(name)} AS {DuckDbSession.Name(name)}");
        return names.Count == 0 ? null : $"SELECT id AS {kind}_id, {string.Join(", ", columns)} FROM {(isFile ? "entities" : "tastemaker_entities")} WHERE kind = '{kind}' ORDER BY id";
    }

    private static object? Scalar(DbConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }
}
