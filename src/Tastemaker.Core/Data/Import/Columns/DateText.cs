using System.Globalization;
using Tastemaker.Data.Import.Formats;
using Tastemaker.Data.Import.Reading;

namespace Tastemaker.Data.Import.Columns;

/// <summary>Dates and times in text that is not ISO: 12/1/2010 8:26, 01.12.2010, 20101201, 1 Dec 2010; and columns that mix these with ISO and Unix numbers.</summary>
internal static class DateText
{
    /// <summary>What the option time-format may be besides a pattern.</summary>
    public const string DayFirst = "day-first", MonthFirst = "month-first";

    /// <summary>The shape of a date with numbers, for SQL.</summary>
    public const string Shape = "[0-9]{1,4}([/.-])[0-9]{1,2}[/.-][0-9]{2,4}([ T].*)?";

    /// <summary>The shape of a day written YYYYMMDD, for SQL: beside other dates such a number is no second of 1970.</summary>
    public const string DayShape = "(19|20)[0-9]{6}";

    private const double EarliestDay = 19_000_101, LatestDay = 21_001_231;

    private static readonly string[] Marks = ["/", "-", "."];

    private static readonly string[] Clocks = ["", " %H:%M:%S", " %H:%M", " %H:%M:%S.%f", " %I:%M:%S %p", " %I:%M %p"];

    private static readonly string[] Others = ["%Y/%m/%d", "%Y.%m.%d", "%d %b %Y", "%d-%b-%Y", "%d %B %Y", "%b %d %Y", "%b %d, %Y", "%B %d, %Y"];

    /// <summary>Whether the numbers of a column are days written YYYYMMDD.</summary>
    public static bool AreDays(DuckDbSession session, Relation relation, SourceColumn column, ColumnStatistics statistics, long limit)
    {
        if (!statistics.IsInteger || statistics.Largest is < EarliestDay or > LatestDay)
        {
            return false;
        }

        var name = DuckDbSession.Name(column.Name);
        var rows = session.Rows($"SELECT count(x), count(try_strptime(x, '%Y%m%d')), min(TRY_CAST(x AS BIGINT)) FROM (SELECT CAST({name} AS VARCHAR) AS x FROM {relation.Lenient} LIMIT {limit})")[0];
        return rows[0] == rows[1] && long.Parse(rows[2]!, CultureInfo.InvariantCulture) >= EarliestDay;
    }

    /// <summary>The moment (TIMESTAMPTZ, UTC where the text names no zone) of a day written YYYYMMDD.</summary>
    public static string Day(string text) => $"CAST(try_strptime(CAST({text} AS VARCHAR), '%Y%m%d') AS TIMESTAMPTZ)";

    /// <summary>The moment of a text of one pattern.</summary>
    public static string OfPattern(string text, string pattern) => $"CAST(try_strptime(trim(CAST({text} AS VARCHAR)), {DuckDbSession.Literal(pattern)}) AS TIMESTAMPTZ)";

    /// <summary>The moment of a text in any of the known ways: a day written YYYYMMDD, a Unix number of any unit by its size, ISO, or a date of numbers or names.</summary>
    public static string OfAny(string text, bool dayFirst)
    {
        var number = $"TRY_CAST({text} AS DOUBLE)";
        var microseconds = $"CASE WHEN abs({number}) < 1e11 THEN {number} * 1e6 WHEN abs({number}) < 1e14 THEN {number} * 1e3 WHEN abs({number}) < 1e17 THEN {number} ELSE {number} / 1e3 END";
        return $"coalesce(CASE WHEN regexp_full_match({text}, {DuckDbSession.Literal(DayShape)}) THEN {Day(text)} END, make_timestamptz(TRY_CAST(round({microseconds}) AS BIGINT)), TRY_CAST({text} AS TIMESTAMPTZ), CAST(try_strptime(trim({text}), {Patterns(dayFirst)}) AS TIMESTAMPTZ))";
    }

    /// <summary>Whether the day comes before the month, by all values of the column; and a note where they do not tell.</summary>
    public static (bool DayFirst, string? Note) Order(DuckDbSession session, Relation relation, SourceColumn column)
    {
        var text = DuckDbSession.Name(column.Name);
        string Count(bool dayFirst) => $"count(try_strptime(trim({text}), {Patterns(dayFirst)}))";
        var counts = session.Rows($"SELECT {Count(true)}, {Count(false)}, count_if(contains({text}, '/')), any_value({text}) FILTER (contains({text}, '/') OR contains({text}, '-')) FROM {relation.Lenient}")[0];
        var (day, month) = (long.Parse(counts[0]!, CultureInfo.InvariantCulture), long.Parse(counts[1]!, CultureInfo.InvariantCulture));
        if (day != month || counts[2] == "0")
        {
            return (day >= month, null);
        }

        return (false, $"The dates of column '{column.Name}' of {relation.Label}, such as {counts[3]}, can be read as month/day or as day/month; they were read as month/day. If the day comes first, set time-format to {DayFirst}.");
    }

    private static string Patterns(bool dayFirst)
    {
        var days = Marks.Select(mark => dayFirst || mark == "." ? $"%d{mark}%m{mark}%Y" : $"%m{mark}%d{mark}%Y");
        return $"[{string.Join(", ", days.Concat(Others).SelectMany(day => Clocks.Select(clock => DuckDbSession.Literal(day + clock))))}]";
    }
}
