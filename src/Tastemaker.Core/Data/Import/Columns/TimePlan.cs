using Tastemaker.Data.Import.Formats;
using Tastemaker.Data.Import.Reading;

namespace Tastemaker.Data.Import.Columns;

/// <summary>How a time column is read: as whole numbers, as numbers with fractions, or as dates, which arrive in Unix seconds.</summary>
/// <param name="Type">The type delimited text is parsed to: BIGINT, DOUBLE or TIMESTAMPTZ.</param>
/// <param name="Sql">The expression that is read, a BIGINT or a DOUBLE.</param>
internal sealed record TimePlan(string Type, string Sql)
{
    public bool IsFractional => Type == "DOUBLE";

    public bool IsCalendar => Type == "TIMESTAMPTZ";

    /// <summary>The plan for a column, by its type or, where it is text, by its first values.</summary>
    /// <exception cref="InputException">The values are neither numbers nor dates.</exception>
    public static TimePlan For(Relation relation, SourceColumn column, ColumnStatistics statistics)
    {
        var name = DuckDbSession.Name(column.Name);
        if (column.IsCalendar || (column.IsText && statistics.IsCalendar))
        {
            return new TimePlan("TIMESTAMPTZ", $"CAST(floor(epoch(TRY_CAST({name} AS TIMESTAMPTZ))) AS BIGINT)");
        }

        if (column.IsFractional || (column.IsText && statistics.IsNumeric && !statistics.IsInteger))
        {
            return new TimePlan("DOUBLE", $"TRY_CAST({name} AS DOUBLE)");
        }

        if (!column.IsText || statistics.IsNumeric)
        {
            return new TimePlan("BIGINT", $"TRY_CAST({name} AS BIGINT)");
        }

        throw new InputException(statistics.Filled == 0 ? $"Column '{column.Name}' of {relation.Label} is to be the time, but it is empty. Name another column, or set time to none."
            : $"Column '{column.Name}' of {relation.Label} is to be the time, but {statistics.Filled - Math.Max(statistics.Dates, statistics.Numbers):N0} " +
            $"of its first {statistics.Filled:N0} values are neither numbers nor dates like 2014-04-07T10:51:09Z. Name another column, or set time to none.");
    }
}
