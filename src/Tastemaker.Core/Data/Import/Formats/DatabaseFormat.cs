using System.Data.Common;
using DuckDB.NET.Data;
using Microsoft.Data.Sqlite;
using Npgsql;
using Tastemaker.Data.Import.Columns;
using Tastemaker.Data.Import.Reading;
using Tastemaker.Data.Locations;

namespace Tastemaker.Data.Import.Formats;

/// <summary>
/// Queries against SQLite or PostgreSQL, streamed as text into tables of DuckDB, where types are recognized as for delimited text; or by DuckDB
/// itself over files.
/// </summary>
/// <param name="Format">Which database.</param>
/// <param name="Target">The file, or the connection string; empty for DuckDB.</param>
internal sealed record DatabaseFormat(DataFormat Format, string Target)
{
    private const int ReportEvery = 100_000;

    /// <summary>The database a path names by its prefix or by the format, or null.</summary>
    public static DatabaseFormat? Recognize(string path, DataFormat format)
    {
        if (path.StartsWith("sqlite:", StringComparison.OrdinalIgnoreCase))
        {
            return new DatabaseFormat(DataFormat.Sqlite, path["sqlite:".Length..]);
        }

        if (path.StartsWith("postgres://", StringComparison.OrdinalIgnoreCase) || path.StartsWith("postgresql://", StringComparison.OrdinalIgnoreCase))
        {
            throw new InputException("A PostgreSQL server is named by postgres: and a connection string, such as postgres:Host=localhost;Database=shop;Username=reader.");
        }

        if (path.StartsWith("postgres:", StringComparison.OrdinalIgnoreCase))
        {
            return new DatabaseFormat(DataFormat.Postgres, path["postgres:".Length..]);
        }

        if (path.StartsWith("duckdb:", StringComparison.OrdinalIgnoreCase) || format == DataFormat.DuckDb)
        {
            return path.Equals("duckdb:", StringComparison.OrdinalIgnoreCase) ? new DatabaseFormat(DataFormat.DuckDb, "") : throw new InputException(
                $"Queries over files are asked for by the path duckdb: alone, not '{path}'. Name the files in the query, such as SELECT * FROM 'ratings.csv'.");
        }

        return format is DataFormat.Sqlite or DataFormat.Postgres ? new DatabaseFormat(format, path)
            : format == DataFormat.Auto && EventStoreFormat.IsFile(path) ? new DatabaseFormat(DataFormat.Sqlite, path)
            : null;
    }

    public ImportSource Open(DuckDbSession session, DataOptions options, IProgress<ImportProgress>? progress, CancellationToken cancellation)
    {
        var store = string.IsNullOrWhiteSpace(options.Query) ? Store(options.MissingValues) : null;
        if (store is not null)
        {
            options = options with { Query = store.Interactions, ItemQuery = options.ItemQuery ?? store.Items, UserQuery = options.UserQuery ?? store.Users };
        }

        if (string.IsNullOrWhiteSpace(options.Query))
        {
            throw new InputException("A database needs a query that gives the interactions: set the option query, such as SELECT user_id, item_id, rating, time FROM ratings.");
        }

        var name = Format switch { DataFormat.Sqlite => SourceFile.Stem(Target), DataFormat.Postgres => "postgres", _ => "query" };
        if (Format == DataFormat.Sqlite)
        {
            _ = SourceFile.Expand([Target]);
        }

        var suffix = Format == DataFormat.DuckDb ? "" : $" on {name}";
        Relation Result(string query, string label, string table) => Format == DataFormat.DuckDb
            ? OverFiles(session, query, label)
            : new QueryRelation(label + suffix, [.. Copy(session, query, label + suffix, table, progress, cancellation).Select(column => new SourceColumn(column, "VARCHAR"))], table);
        var source = new ImportSource
        {
            Format = Format,
            StoreUntil = store?.Last,
            TimeUnit = store is null ? null : TimeUnit.Microseconds,
            Notes = store?.Notes ?? [],
            Layout = store is not null ? "event store" : Format switch { DataFormat.Sqlite => "SQLite query", DataFormat.Postgres => "PostgreSQL query", _ => "query over files" },
            Name = name,
            Interactions = Result(options.Query, "the query", "fetched"),
            Items = options.ItemQuery is { } items ? TabularFormat.Entity(Result(items, "the item query", "fetched_items"), options.Item, RoleNames.Item) : null,
            Users = options.UserQuery is { } users ? TabularFormat.Entity(Result(users, "the user query", "fetched_users"), options.User, RoleNames.User) : null,
        };
        return TabularFormat.WithEntityFiles(session, source, options);
    }

    private static QueryRelation OverFiles(DuckDbSession session, string query, string label)
    {
        // Relative paths are looked up where the program runs, then here: the rule of all paths of data.
        var root = DataRoot.Resolve();
        session.Execute($"SET file_search_path = {DuckDbSession.Literal(root)}");
        try
        {
            return QueryRelation.Describe(session, label, $"({Trimmed(query)})");
        }
        catch (InputException failure) when (failure.Message.Contains("No files found", StringComparison.Ordinal))
        {
            throw new InputException($"{failure.Message} It is neither below the current folder nor below the data folder {root}, which the environment variable {DataRoot.Variable} moves.", failure);
        }
    }

    private List<string> Copy(DuckDbSession session, string query, string label, string table, IProgress<ImportProgress>? progress, CancellationToken cancellation)
    {
        try
        {
            return Copy(session, query, table, progress, cancellation);
        }
        catch (Exception failure) when (failure is DbException or ArgumentException)
        {
            throw new InputException($"{char.ToUpperInvariant(label[0])}{label[1..]} failed: {failure.Message}", failure);
        }
    }

    private List<string> Copy(DuckDbSession session, string query, string table, IProgress<ImportProgress>? progress, CancellationToken cancellation)
    {
        using var connection = Connect();
        var columns = ColumnNames(connection, query);
        session.Execute($"CREATE OR REPLACE TEMP TABLE {table} ({string.Join(", ", columns.Select(column => $"{DuckDbSession.Name(column)} VARCHAR"))})");
        using var command = connection.CreateCommand();
        command.CommandText = AsText(query, columns);
        using var reader = command.ExecuteReader();
        using var appender = session.Connection.CreateAppender("temp", "main", table);
        for (var rows = 1L; reader.Read(); rows++)
        {
            Append(appender, reader);
            if (rows % ReportEvery == 0)
            {
                cancellation.ThrowIfCancellationRequested();
                progress?.Report(new ImportProgress("fetching from the database", rows, null));
            }
        }

        return columns;
    }

    private DbConnection Connect()
    {
        DbConnection connection = Format == DataFormat.Sqlite
            ? new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Target, Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString())
            : new NpgsqlConnection(Target);
        connection.Open();
        return connection;
    }

    private StoreQueries? Store(MissingValues missing)
    {
        if (Format == DataFormat.DuckDb || (Format == DataFormat.Sqlite && !EventStoreFormat.IsFile(Target)))
        {
            return null;
        }

        try
        {
            using var connection = Connect();
            return Format == DataFormat.Sqlite || EventStoreFormat.IsIn(connection) ? EventStoreFormat.Queries(connection, Format, missing) : null;
        }
        catch (Exception failure) when (failure is DbException or ArgumentException)
        {
            throw new InputException($"The database could not be read: {failure.Message}", failure);
        }
    }

    private static List<string> ColumnNames(DbConnection connection, string query)
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT * FROM ({Trimmed(query)}) AS q LIMIT 0";
        using var reader = command.ExecuteReader();
        return [.. Enumerable.Range(0, reader.FieldCount).Select(reader.GetName)];
    }

    /// <summary>The query with every column as text, written by the database itself: no object a value.</summary>
    private static string AsText(string query, List<string> columns) =>
        $"SELECT {string.Join(", ", columns.Select(column => $"CAST({DuckDbSession.Name(column)} AS TEXT)"))} FROM ({Trimmed(query)}) AS q";

    private static string Trimmed(string query) => query.Trim().TrimEnd(';');

    private static void Append(DuckDBAppender appender, DbDataReader reader)
    {
        var row = appender.CreateRow();
        for (var column = 0; column < reader.FieldCount; column++)
        {
            if (reader.IsDBNull(column))
            {
                row.AppendNullValue();
            }
            else
            {
                row.AppendValue(reader.GetString(column));
            }
        }

        row.EndRow();
    }
}
