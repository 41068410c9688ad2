using System.Globalization;
using Tastemaker.Data.Import.Reading;

namespace Tastemaker.Data.Import.Formats;

/// <summary>A fixed table expression: Parquet, JSON, a table filled from a database, a view over delimited text.</summary>
internal sealed record QueryRelation(string Label, IReadOnlyList<SourceColumn> Columns, string Sql) : Relation(Label, Columns)
{
    /// <summary>The delimited text that the rows are taken from, if a row of it is one here; it explains what is wrong with a line.</summary>
    public DelimitedRelation? Text { get; init; }

    /// <summary>A relation with the columns DuckDB reports for it.</summary>
    /// <exception cref="InputException">DuckDB cannot read it.</exception>
    public static QueryRelation Describe(DuckDbSession session, string label, string sql)
    {
        try
        {
            var columns = session.Rows($"SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM {sql})");
            return new QueryRelation(label, [.. columns.Select(column => new SourceColumn(column[0]!, column[1]!))], sql);
        }
        catch (QueryFailedException failure)
        {
            throw new InputException($"{label} cannot be read: {failure.Summary}", failure);
        }
    }

    public override string From(IReadOnlyDictionary<string, string> types) => Sql;

    public override InputException Explain(QueryFailedException failure, DuckDbSession session, IReadOnlyDictionary<string, string> types)
    {
        if (Text is not null && Text.Problems(session, Untyped) is { Count: > 0 } lines)
        {
            return new InputException(lines);
        }

        var problems = types.Select(pair => Culprit(session, pair.Key, pair.Value)).OfType<string>().ToList();
        return problems.Count > 0 ? new InputException(problems) : new InputException($"{Label} cannot be read: {failure.Summary}", failure);
    }

    private string? Culprit(DuckDbSession session, string column, string type)
    {
        var name = DuckDbSession.Name(column);
        var rows = session.Rows(
            $"SELECT count(*), min(n), arg_min(x, n) FROM (SELECT CAST({name} AS VARCHAR) AS x, row_number() OVER () AS n FROM {Sql}) " +
            $"WHERE x IS NOT NULL AND TRY_CAST(x AS {type}) IS NULL");
        var count = long.Parse(rows[0][0]!, CultureInfo.InvariantCulture);
        return count == 0 ? null : $"{Label}, row {rows[0][1]}: '{rows[0][2]}' in column '{column}' is not {DelimitedRelation.TypeInWords(type)}" +
            $"{(count > 1 ? $"; {count - 1:N0} more rows like it" : "")}. Mend the rows or name another column.";
    }
}
