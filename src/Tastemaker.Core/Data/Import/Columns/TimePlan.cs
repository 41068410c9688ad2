using Tastemaker.Data.Import.Formats;
using Tastemaker.Data.Import.Reading;

namespace Tastemaker.Data.Import.Columns;

/// <summary>How a time column is read: as whole numbers, as numbers with fractions, or as dates, which arrive in microseconds since 1970 (<see cref="Timestamps"/>).</summary>
/// <param name="Type">The type delimited text is parsed to: BIGINT, DOUBLE, TIMESTAMPTZ, or VARCHAR where <paramref name="Sql"/> does the parsing.</param>
/// <param name="Sql">The expression that is read, a BIGINT or a DOUBLE; null where there is no time, or none that can be read.</param>
/// <param name="IsCalendar">Whether what is read is a time already, and no number whose unit is to be recognized.</param>
internal sealed record TimePlan(string Type, string Sql, bool IsCalendar = false)
{
    // The least share of values that must be times; the rows of the others cannot be read.
    private const double LeastShare = 0.5;

    public bool IsFractional => Type == "DOUBLE";

    /// <summary>The plan for a column, by option, by its type or, where it is text, by its values.</summary>
    /// <param name="session">Looks at values.</param>
    /// <param name="relation">The relation.</param>
    /// <param name="column">The column of times.</param>
    /// <param name="statistics">What its first values look like.</param>
    /// <param name="limit">Rows that were looked at.</param>
    /// <param name="options">The format and unit, where the user names them.</param>
    /// <param name="warnings">Receives what was recognized and is no ISO date.</param>
    /// <exception cref="InputException">The values are neither numbers nor dates.</exception>
    public static TimePlan For(
        DuckDbSession session, Relation relation, SourceColumn column, ColumnStatistics statistics, long limit, DataOptions options, List<string> warnings)
    {
        var name = DuckDbSession.Name(column.Name);
        if (column.IsCalendar)
        {
            return new TimePlan("TIMESTAMPTZ", Moment($"CAST({name} AS TIMESTAMPTZ)"), true);
        }

        if (options.TimeFormat is { } pattern and not (DateText.DayFirst or DateText.MonthFirst))
        {
            return new TimePlan("VARCHAR", Moment(DateText.OfPattern(name, pattern)), true);
        }

        if (options.TimeFormat is null && options.TimeUnit == TimeUnit.Auto && DateText.AreDays(session, relation, column, statistics, limit))
        {
            warnings.Add($"The numbers of column '{column.Name}' of {relation.Label} are taken for days (YYYYMMDD). If they are Unix times, set time-unit to seconds.");
            return new TimePlan("VARCHAR", Moment(DateText.Day(name)), true);
        }

        if (!column.IsText || (statistics.IsNumeric && !(statistics.MixesUnits && options.TimeUnit == TimeUnit.Auto)))
        {
            return column.IsFractional || (column.IsText && !statistics.IsInteger)
                ? new TimePlan("DOUBLE", $"TRY_CAST({name} AS DOUBLE)")
                : new TimePlan("BIGINT", $"TRY_CAST({name} AS BIGINT)");
        }

        return statistics.IsCalendar ? new TimePlan("TIMESTAMPTZ", Moment($"CAST({name} AS TIMESTAMPTZ)"), true) : OfText(session, relation, column, statistics, limit, options, warnings);
    }

    private static TimePlan OfText(
        DuckDbSession session, Relation relation, SourceColumn column, ColumnStatistics statistics, long limit, DataOptions options, List<string> warnings)
    {
        var name = DuckDbSession.Name(column.Name);
        var (dayFirst, note) = options.TimeFormat is { } order ? (order == DateText.DayFirst, null) : DateText.Order(session, relation, column);
        var moment = DateText.OfAny(name, dayFirst);
        var read = long.Parse(session.Rows($"SELECT count({moment}) FROM (FROM {relation.Lenient} LIMIT {limit})")[0][0]!, System.Globalization.CultureInfo.InvariantCulture);
        if (statistics.Filled == 0 || read < LeastShare * statistics.Filled)
        {
            throw new InputException(statistics.Filled == 0 ? $"Column '{column.Name}' of {relation.Label} is to be the time, but it is empty. Name another column, or set time to none."
                : $"Column '{column.Name}' of {relation.Label} is to be the time, but {statistics.Filled - read:N0} of its first {statistics.Filled:N0} values are neither numbers nor dates like "
                + "2014-04-07T10:51:09Z or 4/7/2014 10:51. Say how they are written with the option time-format, such as \"%d.%m.%Y %H:%M\", name another column, or set time to none.");
        }

        warnings.AddRange(note is null ? [] : [note]);
        warnings.AddRange(Days(session, relation, column, limit));
        warnings.AddRange(statistics is { MixesUnits: true, IsNumeric: true }
            ? [$"The times of column '{column.Name}' of {relation.Label} are Unix numbers of several units; the unit of each was recognized from its size. If they are of one, set time-unit."] : []);
        return new TimePlan("VARCHAR", Moment(moment), true);
    }

    private static IEnumerable<string> Days(DuckDbSession session, Relation relation, SourceColumn column, long limit)
    {
        var name = DuckDbSession.Name(column.Name);
        var days = session.Rows($"SELECT count(*), first({name}) FROM (FROM {relation.Lenient} LIMIT {limit}) WHERE regexp_full_match({name}, {DuckDbSession.Literal(DateText.DayShape)})")[0];
        return days[0] == "0" ? [] : [$"Numbers such as {days[1]} in column '{column.Name}' of {relation.Label} stand beside other dates and are taken for days (YYYYMMDD)."];
    }

    // What a moment is stored as.
    private static string Moment(string timestamp) => $"epoch_us({timestamp})";
}
