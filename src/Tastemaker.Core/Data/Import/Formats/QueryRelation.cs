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
            throw failure.Explained(label);
        }
    }

    public override string From(IReadOnlyDictionary<string, string> types) => Sql;

    /// <summary>
    /// The same with columns of DuckDB's type JSON as text where they hold no list and no object: values of several types, such as 5 and "5", or none at all.
    /// </summary>
    /// <exception cref="InputException">The rows cannot be read.</exception>
    public QueryRelation WithMixedAsText(DuckDbSession session)
    {
        var mixed = Columns.Where(column => column.Type == "JSON").Select(column => DuckDbSession.Name(column.Name)).ToList();
        if (mixed.Count == 0)
        {
            return this;
        }

        try
        {
            var nested = session.Rows($"SELECT {string.Join(", ", mixed.Select(name => $"count_if(json_type({name}) IN ('ARRAY', 'OBJECT'))"))} FROM {Sql}")[0];
            var plain = mixed.Where((_, index) => nested[index] is null or "0").Select(name => $"{name} ->> '$' AS {name}").ToList();
            return plain.Count == 0 ? this : Describe(session, Label, $"(SELECT * REPLACE ({string.Join(", ", plain)}) FROM {Sql})") with { Inner = Sql };
        }
        catch (QueryFailedException failure)
        {
            throw failure.Explained(Label);
        }
    }

    /// <summary>The expression that reads the files, where this one is made of it.</summary>
    public string? Inner { get; init; }

    public override InputException Explain(QueryFailedException failure, DuckDbSession session, IReadOnlyDictionary<string, string> types)
    {
        if (Text is not null && Text.Problems(session, Untyped) is { Count: > 0 } lines)
        {
            return new InputException(lines);
        }

        var problems = types.Select(pair => Culprit(session, pair.Key, pair.Value)).OfType<string>().ToList();
        return problems.Count > 0 ? new InputException(problems) : failure.Explained(Label);
    }

    private string? Culprit(DuckDbSession session, string column, string type)
    {
        var name = DuckDbSession.Name(column);
        var rows = Rows(
            session,
            $"SELECT count(*), min(n), arg_min(x, n) FROM (SELECT CAST({name} AS VARCHAR) AS x, row_number() OVER () AS n FROM {Sql}) " +
            $"WHERE x IS NOT NULL AND TRY_CAST(x AS {type}) IS NULL");
        var count = rows.Count == 0 ? 0 : long.Parse(rows[0][0]!, CultureInfo.InvariantCulture);
        return count == 0 ? null : $"{Label}, row {rows[0][1]}: '{rows[0][2]}' in column '{column}' is not {DelimitedRelation.TypeInWords(type)}" +
            $"{(count > 1 ? $"; {count - 1:N0} more rows like it" : "")}. Fix the rows or name another column.";
    }

    // Where the files themselves cannot be read, no row is to blame.
    private static List<string?[]> Rows(DuckDbSession session, string sql)
    {
        try
        {
            return session.Rows(sql);
        }
        catch (QueryFailedException)
        {
            return [];
        }
    }
}
