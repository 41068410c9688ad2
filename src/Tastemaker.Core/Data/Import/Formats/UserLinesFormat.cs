using Tastemaker.Data.Import.Reading;

namespace Tastemaker.Data.Import.Formats;

/// <summary>
/// A line a user: the user, then all its items, separated by blanks or tabs, as the splits of NGCF and LightGCN are published. A user without
/// items has no interaction.
/// </summary>
internal static class UserLinesFormat
{
    /// <summary>
    /// Whether a file can hardly be anything else: no names, only whole numbers, lines of different lengths, every line of another user.
    /// </summary>
    public static bool IsOne(string path) =>
        NumberLines.Peek(path) is { } lines && lines.Select(cells => cells[0]).Distinct().Count() == lines.Count && !CountedLinesFormat.Fits(lines);

    public static ImportSource Open(DuckDbSession session, string path)
    {
        var cells = NumberLines.Sql(path);
        return new ImportSource
        {
            Format = DataFormat.UserLines,
            Layout = "a line a user with all its items",
            Name = SourceFile.Stem(path),
            IsOrdered = true,
            Interactions = QueryRelation.Describe(
                session,
                path,
                $"(SELECT user_id, item_id FROM (SELECT n, cells[1] AS user_id, unnest(cells[2:]) AS item_id, generate_subscripts(cells[2:], 1) AS place FROM ({cells})) ORDER BY n, place)"),
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
