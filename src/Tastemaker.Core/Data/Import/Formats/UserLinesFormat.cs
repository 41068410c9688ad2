using Tastemaker.Data.Import.Reading;

namespace Tastemaker.Data.Import.Formats;

/// <summary>
/// A line per user: the user, then all its items, separated by blanks or tabs, as the splits of NGCF and LightGCN are published. A user without
/// items has no interaction.
/// </summary>
internal static class UserLinesFormat
{
    private const int FewestCells = 4;

    private static readonly System.Buffers.SearchValues<char> Others = System.Buffers.SearchValues.Create(",;|\"{}[]");

    /// <summary>
    /// Whether a file can hardly be anything else: no names, only whole numbers, lines of different lengths, every line of another user.
    /// </summary>
    public static bool IsOne(string path) =>
        NumberLines.Peek(path) is { } lines && lines.Select(cells => cells[0]).Distinct().Count() == lines.Count && !CountedLinesFormat.Fits(lines);

    /// <summary>What to say of a file whose lines may be lists of words: blanks or tabs between them, lines of different lengths, every line of another user. Null for other files.</summary>
    public static string? Hint(DataOptions options)
    {
        if (options is not { Format: DataFormat.Auto, User: null, Item: null, Delimiter: null, Paths: [var path] } || !File.Exists(path))
        {
            return null;
        }

        string text;
        try
        {
            text = SourceFile.Decode(SourceFile.Peek(path));
        }
        catch (InputException)
        {
            return null; // said by whoever reads it
        }

        // The last line may be cut off.
        var lines = text.Split('\n')[..^1].Where(line => !string.IsNullOrWhiteSpace(line)).ToList();
        var cells = lines.ConvertAll(NumberLines.Cells);
        return cells.Count > 1 && cells.Exists(line => line.Length != cells[0].Length) && cells.Exists(line => line.Length > FewestCells)
            && cells.TrueForAll(line => line.Length > 1) && lines.Select(line => line.Count(letter => letter == '\t')).Distinct().Count() != (lines[0].Contains('\t', StringComparison.Ordinal) ? 1 : 0)
            && cells.Select(line => line[0]).Distinct().Count() == cells.Count && !lines.Exists(line => line.AsSpan().ContainsAny(Others))
            ? $"The lines of {path} have different lengths and each begins with another word: if each holds a user and all its items, say --format user-lines."
            : null;
    }

    /// <summary>The pairs of files, one file after the other: a training and a test file are one data set, which a given split takes apart again.</summary>
    public static ImportSource Open(DuckDbSession session, IReadOnlyList<string> paths)
    {
        var cells = string.Join(" UNION ALL ", paths.Select((path, file) => $"SELECT {file} AS file, n, cells FROM ({NumberLines.Sql(path)})"));
        return new ImportSource
        {
            Format = DataFormat.UserLines,
            Layout = "a line per user with all its items",
            Name = SourceFile.Stem(paths[0]),
            IsOrdered = true,
            Interactions = QueryRelation.Describe(
                session,
                paths[0],
                $"(SELECT user_id, item_id FROM (SELECT file, n, cells[1] AS user_id, unnest(cells[2:]) AS item_id, generate_subscripts(cells[2:], 1) AS place FROM ({cells})) ORDER BY file, n, place)"),
        };
    }

    /// <summary>The pairs of user and item in a small file, in its order.</summary>
    public static IEnumerable<(string User, string Item)> Read(string path)
    {
        foreach (var cells in NumberLines.Read(path))
        {
            foreach (var item in cells.AsEnumerable().Skip(1))
            {
                yield return (cells[0], item);
            }
        }
    }
}
