using System.Globalization;
using Tastemaker.Data.Import.Formats;
using Tastemaker.Data.Locations;
using Tastemaker.Data.Syntax;

namespace Tastemaker.Data.Splits;

/// <summary>
/// Reads files that name parts of a split: columns user (or session), item, and where present value and time, found by the names in a
/// header line, or in this order where there is none. A line per user with all its items is understood too.
/// </summary>
internal static class GivenFile
{
    private static readonly string[] UserNames = ["user", "userid", "uid", "u", "reviewerid", "visitorid"];
    private static readonly string[] SessionNames = ["session", "sessionid"];
    private static readonly string[] ItemNames = ["item", "itemid", "iid", "i", "movie", "movieid", "book", "bookid", "product", "productid", "asin", "track", "trackid"];
    private static readonly string[] ValueNames = ["rating", "value", "score", "stars", "count", "label"];
    private static readonly string[] TimeNames = ["time", "timestamp", "ts", "unixtime", "date", "datetime"];

    /// <summary>The rows of a file.</summary>
    /// <param name="path">Delimited text, may be gzipped, or Parquet.</param>
    /// <param name="bySession">Whether a session column is preferred to a user column.</param>
    /// <exception cref="InputException">The file is missing, unreadable, or lacks a column; or a row does.</exception>
    public static GivenInteractions Read(string path, bool bySession)
    {
        if (UserLines(DataPath.Resolve(path)) is { } lines)
        {
            return lines;
        }

        var table = TextTable.Read(path);
        string[][] asking = bySession ? [SessionNames, UserNames] : [UserNames, SessionNames];
        var (user, item) = (Find(table.Header, asking), Find(table.Header, ItemNames));
        var named = user >= 0 && item >= 0;
        Check(path, table, named);
        var headerIsRow = named && !table.HeaderIsCertain;
        var (value, time) = named
            ? (Find(table.Header, ValueNames), Find(table.Header, TimeNames))
            : (table.Header.Length > 2 ? 2 : -1, table.Header.Length > 3 ? 3 : -1);
        return Parse(path, headerIsRow ? table.Rows[1..] : table.Rows, headerIsRow ? 2 : 1, (named ? user : 0, named ? item : 1, value, time));
    }

    /// <summary>Whether a file can hardly be anything else than counted lines.</summary>
    public static bool IsCounted(string path)
    {
        path = DataPath.Resolve(path);
        return IsText(path) && CountedLinesFormat.IsOne(path);
    }

    /// <summary>The rows of a file of counted lines, whose users are the numbers of their lines from 0.</summary>
    /// <exception cref="InputException">The file is missing, or a line does not begin with the number of what follows.</exception>
    public static GivenInteractions ReadCounted(string path)
    {
        path = SourceFile.Expand([DataPath.Resolve(path)])[0];
        var pairs = CountedLinesFormat.Read(path).ToList();
        return new GivenInteractions(path, 1, [.. pairs.Select(pair => pair.User)], [.. pairs.Select(pair => pair.Item)], null, null);
    }

    private static bool IsText(string path) => File.Exists(path) && !path.EndsWith(".parquet", StringComparison.OrdinalIgnoreCase);

    private static GivenInteractions? UserLines(string path)
    {
        if (!IsText(path) || !UserLinesFormat.IsOne(path))
        {
            return null;
        }

        var pairs = UserLinesFormat.Read(path).ToList();
        return new GivenInteractions(path, 1, [.. pairs.Select(pair => pair.User)], [.. pairs.Select(pair => pair.Item)], null, null);
    }

    private static void Check(string path, TextTable table, bool named)
    {
        if (!named && table.HeaderIsCertain)
        {
            throw new InputException($"'{path}' has no columns user (or session) and item; it has {string.Join(", ", table.Header)}.");
        }

        if (!named && table.Rows.Count > 0 && table.Header.Length < 2)
        {
            throw new InputException($"'{path}' has a single column; it needs user and item, separated by tab, comma, semicolon, '::', '|' or blank.");
        }
    }

    private static GivenInteractions Parse(string path, List<string?[]> rows, int firstLine, (int User, int Item, int Value, int Time) columns)
    {
        if (rows.Count == 0)
        {
            throw new InputException($"'{path}' holds no rows.");
        }

        var problems = new RowProblems(path, firstLine);
        var given = new GivenInteractions(
            path,
            firstLine,
            Texts(rows, columns.User, "user", problems),
            Texts(rows, columns.Item, "item", problems),
            columns.Value < 0 ? null : Numbers(rows, columns.Value, "value", Value, problems),
            columns.Time < 0 ? null : Numbers(rows, columns.Time, "time", Time, problems));
        problems.ThrowIfAny();
        return given;
    }

    // The first column that has one of the names; "item_id:token" is "itemid".
    private static int Find(string[] header, params string[][] nameSets)
    {
        foreach (var names in nameSets)
        {
            var found = Array.FindIndex(header, cell => names.Contains(cell.Split(':')[0].Trim().Replace("_", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal).ToLowerInvariant()));
            if (found >= 0)
            {
                return found;
            }
        }

        return -1;
    }

    private static string[] Texts(List<string?[]> rows, int column, string what, RowProblems problems)
    {
        var texts = new string[rows.Count];
        for (var row = 0; row < texts.Length; row++)
        {
            var text = column < rows[row].Length ? rows[row][column]?.Trim() : null;
            if (string.IsNullOrEmpty(text))
            {
                problems.Add(row, $"has no {what}");
            }

            texts[row] = text ?? "";
        }

        return texts;
    }

    private static T[] Numbers<T>(List<string?[]> rows, int column, string what, Func<string?, T?> parse, RowProblems problems)
        where T : struct
    {
        var numbers = new T[rows.Count];
        for (var row = 0; row < numbers.Length; row++)
        {
            var text = column < rows[row].Length ? rows[row][column] : null;
            if (parse(text?.Trim()) is { } number)
            {
                numbers[row] = number;
            }
            else
            {
                problems.Add(row, $"has the {what} '{text}', which is no number");
            }
        }

        return numbers;
    }

    private static float? Value(string? text) =>
        float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && float.IsFinite(number) ? number : null;

    private static long? Time(string? text) => text is null ? null : Timestamps.Parse(text);
}
