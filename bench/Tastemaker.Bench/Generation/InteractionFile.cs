using System.Globalization;
using DuckDB.NET.Data;
using Tastemaker.Data;

namespace Tastemaker.Bench.Generation;

/// <summary>Writes interactions to a file that the importer reads: CSV (or .csv.gz) with a header, or Parquet, by the file's name.</summary>
internal static class InteractionFile
{
    /// <exception cref="InputException">The file's name says neither CSV nor Parquet.</exception>
    public static void Write(Interactions interactions, string path)
    {
        var format = FormatOf(path);
        using var connection = new DuckDBConnection("Data Source=:memory:");
        connection.Open();
        Execute(connection, "CREATE TABLE rows (user_id INTEGER, item_id INTEGER, rating FLOAT, timestamp BIGINT)");
        using (var appender = connection.CreateAppender("rows"))
        {
            for (var row = 0; row < interactions.Count; row++)
            {
                appender.CreateRow()
                    .AppendValue(interactions.Users[row] + 1)
                    .AppendValue(interactions.Items[row] + 1)
                    .AppendValue(interactions.Values[row])
                    .AppendValue(Timestamps.Seconds(interactions.Times[row]))
                    .EndRow();
            }
        }

        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        Execute(connection, string.Create(CultureInfo.InvariantCulture, $"COPY rows TO '{path.Replace("'", "''", StringComparison.Ordinal)}' ({format})"));
    }

    private static string FormatOf(string path) =>
        path.EndsWith(".parquet", StringComparison.OrdinalIgnoreCase) ? "FORMAT parquet"
        : path.EndsWith(".csv", StringComparison.OrdinalIgnoreCase) ? "FORMAT csv, HEADER"
        : path.EndsWith(".csv.gz", StringComparison.OrdinalIgnoreCase) ? "FORMAT csv, HEADER, COMPRESSION gzip"
        : throw new InputException($"--out {path}: the name must end in .csv, .csv.gz or .parquet, which says the format.");

    private static void Execute(DuckDBConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
