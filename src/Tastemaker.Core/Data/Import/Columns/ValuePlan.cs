using Tastemaker.Data.Import.Formats;
using Tastemaker.Data.Import.Reading;

namespace Tastemaker.Data.Import.Columns;

/// <summary>How the column of values is read.</summary>
/// <param name="Type">The type delimited text is parsed to: DOUBLE, or VARCHAR where <paramref name="Sql"/> does the parsing.</param>
/// <param name="Sql">The expression that is read, a FLOAT: null where there is no value, infinite where it is no number.</param>
/// <param name="Format">How the numbers are written.</param>
internal sealed record ValuePlan(string Type, string Sql, NumberFormat Format)
{
    /// <summary>The plan for a column, by its type or, where it is text, by its first values.</summary>
    public static ValuePlan For(Relation relation, SourceColumn column, ColumnStatistics statistics, DataOptions options)
    {
        var name = DuckDbSession.Name(column.Name);
        if (!column.IsText)
        {
            return new ValuePlan(column.Type, NumberText.Single(column.Type == "BOOLEAN" ? $"CAST({name} AS INTEGER)" : name), column.Type == "BOOLEAN" ? NumberFormat.Words : NumberFormat.Plain);
        }

        var format = NumberText.Recognize(statistics, options.DecimalMark, share: 0.5) ?? NumberFormat.Plain;
        // Plain numbers in delimited text are parsed by its reader, which knows lines.
        return format == NumberFormat.Plain && relation is DelimitedRelation
            ? new ValuePlan("DOUBLE", NumberText.Single(name), format)
            : new ValuePlan("VARCHAR", NumberText.Sql(name, format), format);
    }
}
