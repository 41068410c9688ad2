using System.IO.Compression;
using System.Text;
using DuckDB.NET.Data;
using Tastemaker.Data.Locations;
using Tastemaker.Naming;

namespace Tastemaker.Data.Splits;

/// <summary>A small file read as text by DuckDB: delimited (gzipped or not) or Parquet.</summary>
/// <param name="Header">Column names of Parquet, or the cells of the first line, which is then also the first row.</param>
/// <param name="HeaderIsCertain">Whether <paramref name="Header"/> is names for sure, and no row.</param>
/// <param name="Rows">The rows; cells may be null.</param>
internal sealed record TextTable(string[] Header, bool HeaderIsCertain, List<string?[]> Rows)
{
    private static readonly string[] Delimiters = ["\t", "::", ";", ",", "|", " "];

    /// <summary>Reads a file.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="delimiter">What stands between cells; null for the first of tab, '::', semicolon, comma, bar and blank that occurs in the first line.</param>
    /// <exception cref="InputException">It is missing or unreadable.</exception>
    public static TextTable Read(string path, string? delimiter = null)
    {
        path = DataPath.Resolve(path);
        if (!File.Exists(path))
        {
            throw new InputException($"There is no file '{path}'.{Suggest(path)}");
        }

        var isParquet = path.EndsWith(".parquet", StringComparison.OrdinalIgnoreCase);
        try
        {
            var source = isParquet ? $"read_parquet({Quote(path)})" : Delimited(path, delimiter ?? SniffDelimiter(path));
            var (names, rows) = Query(source);
            return isParquet || rows.Count == 0 ? new(names, isParquet, rows) : new([.. rows[0].Select(cell => cell ?? "")], false, rows);
        }
        catch (Exception unreadable) when (unreadable is DuckDBException or InvalidDataException or IOException)
        {
            throw new InputException($"'{path}' cannot be read as {(isParquet ? "Parquet" : "delimited text")}: {unreadable.Message.Split('\n')[0].Trim()}", unreadable);
        }
    }

    private static string Delimited(string path, string delimiter) =>
        $"read_csv({Quote(path)}, delim={Quote(delimiter)}, quote='\"', header=false, all_varchar=true, null_padding=true, parallel=false)";

    private static string Quote(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";

    // One text a row: the reader's cost is a call a cell, which over a hundred columns is far more than the parsing.
    private static (string[] Names, List<string?[]> Rows) Query(string source)
    {
        using var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        string[] names = [.. Texts(connection, $"SELECT column_name FROM (DESCRIBE SELECT * FROM {source})")];
        var cells = names.Select(name => $"coalesce(CAST(\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\" AS VARCHAR), '')");
        return (names, [.. Texts(connection, $"SELECT concat_ws(chr(31), {string.Join(", ", cells)}) FROM {source}").Select(row => row.Split('\u001f'))]);
    }

    private static IEnumerable<string> Texts(DuckDBConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // What varies is quoted above; not everything in a table function can be a parameter.
        command.CommandText = sql;
#pragma warning restore CA2100
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            yield return reader.GetString(0);
        }
    }

    private static string SniffDelimiter(string path)
    {
        using var file = File.OpenRead(path);
        using Stream stream = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? new GZipStream(file, CompressionMode.Decompress) : file;
        using var reader = new StreamReader(stream, Encoding.UTF8);
        var line = reader.ReadLine() ?? "";
        return Delimiters.FirstOrDefault(delimiter => line.Contains(delimiter, StringComparison.Ordinal)) ?? "\t";
    }

    private static string Suggest(string path)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path));
        return folder is null || !Directory.Exists(folder)
            ? $" The folder '{folder}' does not exist either."
            : NearestName.DidYouMean(Path.GetFileName(path), Directory.EnumerateFiles(folder).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal));
    }
}
