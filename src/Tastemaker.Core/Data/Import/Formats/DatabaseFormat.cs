using System.Data.Common;
using DuckDB.NET.Data;
using Microsoft.Data.Sqlite;
using Npgsql;
using Tastemaker.Data.Import.Reading;

namespace Tastemaker.Data.Import.Formats;

/// <summary>A query against SQLite or PostgreSQL, streamed as text into a table of DuckDB, where types are recognised as for delimited text.</summary>
/// <param name="Format">Which database.</param>
/// <param name="Target">The file, or the connection string.</param>
internal sealed record DatabaseFormat(DataFormat Format, string Target)
{
    private const int ReportEvery = 100_000;

    /// <summary>The database a path names by its prefix or by the format, or null.</summary>
    public static DatabaseFormat? Recognise(string path, DataFormat format)
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

        return format is DataFormat.Sqlite or DataFormat.Postgres ? new DatabaseFormat(format, path) : null;
    }

    public ImportSource Open(DuckDbSession session, DataOptions options, IProgress<ImportProgress>? progress, CancellationToken cancellation)
    {
        if (string.IsNullOrWhiteSpace(options.Query))
        {
            throw new InputException("A database needs a query that gives the interactions: set the option query, such as SELECT user_id, item_id, rating, time FROM ratings.");
        }

        var name = Format == DataFormat.Sqlite ? SourceFile.Stem(Target) : "postgres";
        if (Format == DataFormat.Sqlite)
        {
            _ = SourceFile.Expand([Target]);
        }

        try
        {
            var columns = Copy(session, options.Query, progress, cancellation);
            var source = new ImportSource
            {
                Format = Format,
                Layout = Format == DataFormat.Sqlite ? "SQLite query" : "PostgreSQL query",
                Name = name,
                Interactions = new QueryRelation($"the query on {name}", [.. columns.Select(column => new SourceColumn(column, "VARCHAR"))], "fetched"),
            };
            return TabularFormat.WithEntityFiles(session, source, options);
        }
        catch (Exception failure) when (failure is DbException or ArgumentException)
        {
            throw new InputException($"The query on {name} failed: {failure.Message}", failure);
        }
    }

    private List<string> Copy(DuckDbSession session, string query, IProgress<ImportProgress>? progress, CancellationToken cancellation)
    {
        using DbConnection connection = Format == DataFormat.Sqlite
            ? new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Target, Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString())
            : new NpgsqlConnection(Target);
        connection.Open();
        var columns = ColumnNames(connection, query);
        session.Execute($"CREATE OR REPLACE TEMP TABLE fetched ({string.Join(", ", columns.Select(column => $"{DuckDbSession.Name(column)} VARCHAR"))})");
        using var command = connection.CreateCommand();
        command.CommandText = AsText(query, columns);
        using var reader = command.ExecuteReader();
        using var appender = session.Connection.CreateAppender("temp", "main", "fetched");
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
