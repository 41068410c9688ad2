using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace Tastemaker.Data.Import.Formats;

/// <summary>Lines of whole numbers separated by blanks or tabs, of different lengths: no table, but a list a line.</summary>
internal static class NumberLines
{
    // A delimiter that cannot occur makes every line one field.
    private const string Unused = "\u0001";

    private static readonly char[] Blanks = [' ', '\t', '\r'];

    /// <summary>The cells of the first lines that are not empty; null where a file is something else or may be a table.</summary>
    public static IReadOnlyList<string[]>? Peek(string path)
    {
        var text = SourceFile.Decode(SourceFile.Peek(path));
        // The last line may be cut off.
        var lines = text.Split('\n')[..^1].Select(Cells).Where(cells => cells.Length > 0).ToList();
        return lines.Count > 1
            && lines.Exists(cells => cells.Length != lines[0].Length)
            && lines.Exists(cells => cells.Length > 4)
            && lines.TrueForAll(cells => Array.TrueForAll(cells, cell => ulong.TryParse(cell, NumberStyles.None, CultureInfo.InvariantCulture, out _)))
            ? lines
            : null;
    }

    /// <summary>The query that gives each line's number n, from 1, and its cells.</summary>
    public static string Sql(string path)
    {
        var lines = new DelimitedRelation([path], new Dialect(Unused, "", false, "utf-8", SourceFile.Compression(path), ["line"]));
        return $"SELECT row_number() OVER () AS n, string_split_regex(trim(line, ' \t\r'), '[ \t]+') AS cells FROM {lines.From(Relation.Untyped)}";
    }

    /// <summary>The cells of every line of a small file, empty ones too.</summary>
    public static IEnumerable<string[]> Read(string path)
    {
        using var file = File.OpenRead(path);
        using Stream stream = SourceFile.IsGzip(path) ? new GZipStream(file, CompressionMode.Decompress) : file;
        using var reader = new StreamReader(stream, Encoding.UTF8);
        while (reader.ReadLine() is { } text)
        {
            yield return Cells(text);
        }
    }

    /// <summary>The cells of a line.</summary>
    public static string[] Cells(string line) => line.Split(Blanks, StringSplitOptions.RemoveEmptyEntries);
}
