using System.Globalization;
using Tastemaker.Data.Import.Reading;

namespace Tastemaker.Data.Import.Formats;

/// <summary>
/// A list a line, of which the first number is how many follow: the users of CiteULike, whose names are the numbers of their lines, from 0. Every count
/// is checked. Taken for an item, as some programs do, the count adds an interaction a user that never was.
/// </summary>
internal static class CountedLinesFormat
{
    /// <summary>Whether a file can hardly be anything else: whole numbers, lines of different lengths, and each begins with its own length.</summary>
    public static bool IsOne(string path) => NumberLines.Peek(path) is { } lines && Fits(lines);

    /// <summary>Whether each of some lines of whole numbers begins with the number of those after it.</summary>
    public static bool Fits(IEnumerable<string[]> lines) =>
        lines.All(cells => ulong.Parse(cells[0], NumberStyles.None, CultureInfo.InvariantCulture) == (ulong)cells.Length - 1);

    public static ImportSource Open(DuckDbSession session, string path)
    {
        Load(session, path, "counted_users");
        var empty = session.Rows("SELECT n - 1 FROM counted_users WHERE len(cells) = 1 ORDER BY n");
        return new ImportSource
        {
            Format = DataFormat.CountedLines,
            Layout = "a line per user: the number of its items, and the items; users are numbered by line, from 0",
            Name = SourceFile.Stem(path),
            Interactions = QueryRelation.Describe(
                session,
                path,
                "(SELECT user_id, item_id FROM (SELECT n, CAST(n - 1 AS VARCHAR) AS user_id, unnest(cells[2:]) AS item_id, " +
                "generate_subscripts(cells[2:], 1) AS place FROM counted_users) ORDER BY n, place)"),
            Notes = empty.Count == 0 ? [] : [$"{empty.Count:N0} users of {path} have an empty list, such as '{empty[0][0]}'; they are left out."],
        };
    }

    /// <summary>Reads a file into a temporary table of lines n, from 1, and their cells, the count first.</summary>
    /// <exception cref="InputException">A line does not begin with the number of what follows.</exception>
    public static void Load(DuckDbSession session, string path, string table)
    {
        try
        {
            session.Execute($"CREATE OR REPLACE TEMP TABLE {table} AS SELECT n, coalesce(cells, ['']) AS cells FROM ({NumberLines.Sql(path)})");
        }
        catch (QueryFailedException failure)
        {
            throw new InputException($"{path} cannot be read: {failure.Summary}", failure);
        }

        // Empty lines at the end hold nothing; elsewhere they would be somebody's.
        session.Execute($"DELETE FROM {table} WHERE n > (SELECT max(n) FROM {table} WHERE cells != [''])");
        var odd = session.Rows($"SELECT n, cells[1], len(cells) - 1 FROM {table} WHERE TRY_CAST(cells[1] AS BIGINT) IS DISTINCT FROM len(cells) - 1 ORDER BY n");
        if (odd.Count > 0)
        {
            throw Odd(path, odd[0][0]!, odd[0][1]!, odd[0][2]!, odd.Count > 1 ? $"; {odd.Count - 1:N0} more lines are unlike that" : "");
        }
    }

    /// <summary>The pairs of user, by line from 0, and item in a small file, in its order.</summary>
    /// <exception cref="InputException">A line does not begin with the number of what follows.</exception>
    public static IEnumerable<(string User, string Item)> Read(string path)
    {
        foreach (var (user, cells) in NumberLines.Read(path).Index())
        {
            if (cells.Length > 0 && cells[0] != $"{cells.Length - 1}")
            {
                throw Odd(path, $"{user + 1}", cells[0], $"{cells.Length - 1}", "");
            }

            foreach (var item in cells.AsEnumerable().Skip(1))
            {
                yield return ($"{user}", item);
            }
        }
    }

    private static InputException Odd(string path, string line, string first, string others, string more) => new(
        $"{path}, line {line}: begins with '{first}', and {others} more follow. In this layout a line begins with the number of those that follow, 0 where there are none"
        + $"{more}. If the first number is the user, set the format to user-lines.");
}
