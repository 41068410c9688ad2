using System.Globalization;
using Tastemaker.Data.Import.Reading;

namespace Tastemaker.Data.Import.Formats;

/// <summary>Delimited text of one dialect, in one or more files.</summary>
internal sealed record DelimitedRelation(IReadOnlyList<string> Files, Dialect Dialect)
    : Relation(string.Join(", ", Files), [.. Dialect.Columns.Select(name => new SourceColumn(name, "VARCHAR"))])
{
    private const int ShownProblems = 3;

    // Cannot be the name of a column in text.
    private const string FilePath = "\u0001path";

    /// <summary>The name of a last column that holds the file's name; null for none.</summary>
    public string? FileColumn { get; init; }

    /// <summary>A type the way a user would say it.</summary>
    public static string TypeInWords(string type) => type switch
    {
        "DOUBLE" or "FLOAT" => "a number",
        "BIGINT" => "a whole number",
        "TIMESTAMPTZ" => "a date and time",
        _ => type,
    };

    public override string From(IReadOnlyDictionary<string, string> types) => FileColumn is null
        ? Sql(types, "")
        : $"(SELECT {string.Join(", ", Dialect.Columns.Select(DuckDbSession.Name))}, parse_filename({DuckDbSession.Name(FilePath)}) AS {DuckDbSession.Name(FileColumn)} "
            + $"FROM {Sql(types, $", filename = {DuckDbSession.Literal(FilePath)}")})";

    /// <summary>The same text with a last column that holds the name of the file a row comes from.</summary>
    public DelimitedRelation WithFileColumn(string name) => this with { FileColumn = name, Columns = [.. Columns, new SourceColumn(name, "VARCHAR")] };

    public override InputException Explain(QueryFailedException failure, DuckDbSession session, IReadOnlyDictionary<string, string> types)
    {
        var problems = Problems(session, types);
        return problems.Count > 0 ? new InputException(problems) : new InputException($"{Label} cannot be read: {failure.Summary}", failure);
    }

    /// <summary>Lines that cannot be read with these types, the first ones in full; empty where all can.</summary>
    public IReadOnlyList<string> Problems(DuckDbSession session, IReadOnlyDictionary<string, string> types)
    {
        var rejects = Rejects(session, types);
        var problems = rejects.Take(ShownProblems).Select(reject => Sentence(reject, types)).ToList();
        if (rejects.Count > ShownProblems)
        {
            problems.Add($"{rejects.Count - ShownProblems:N0} more rows of {Label} cannot be read{(rejects.Count >= RejectLimit ? ", or even more" : "")}.");
        }

        return problems;
    }

    private const int RejectLimit = 1_000_000;

    private List<string?[]> Rejects(DuckDbSession session, IReadOnlyDictionary<string, string> types)
    {
        try
        {
            // Rows are only checked when their columns are asked for.
            var asked = types.Keys.Where(column => column != FileColumn).ToList();
            var columns = asked.Count == 0 ? "*" : string.Join(", ", asked.Select(DuckDbSession.Name));
            session.Execute($"CREATE OR REPLACE TEMP TABLE diagnosis AS SELECT {columns} FROM {Sql(types, $", store_rejects = true, rejects_limit = {RejectLimit}")}");
            return session.Rows(
                "SELECT any_value(s.file_path), e.line, first(e.column_name ORDER BY e.byte_position), first(e.error_type ORDER BY e.byte_position), " +
                "any_value(e.csv_line), any_value(e.error_message) FROM reject_errors e JOIN reject_scans s USING (scan_id, file_id) " +
                "GROUP BY e.file_id, e.line ORDER BY e.file_id, e.line");
        }
        catch (QueryFailedException)
        {
            return [];
        }
    }

    private string Sentence(string?[] reject, IReadOnlyDictionary<string, string> types)
    {
        var (line, column, kind, text) = (reject[1], reject[2], reject[3], reject[4]);
        var where = $"{reject[0] ?? Label}, line {line}";
        var what = kind?.ToUpperInvariant() switch
        {
            "CAST" => $"column '{column}' is not {TypeInWords(types.GetValueOrDefault(column ?? "", "text"))}",
            "MISSING COLUMNS" => $"fewer than the {Dialect.Columns.Count.ToString(CultureInfo.InvariantCulture)} columns expected",
            "TOO MANY COLUMNS" => $"more than the {Dialect.Columns.Count.ToString(CultureInfo.InvariantCulture)} columns expected",
            "UNQUOTED VALUE" => "a quoting character that is not closed; if the text has no quoting, say quote 'none'",
            "INVALID UNICODE" or "INVALID ENCODING" => "not valid UTF-8; if it is Latin-1, say encoding 'latin1'",
            _ => (reject[5] ?? "cannot be read").Split('\n')[0],
        };
        return $"{where}: {what}: {Shortened(text)}";
    }

    private static string Shortened(string? text) => text is null ? "" : text.Length <= 120 ? text.Trim('\r', '\n') : text[..117] + "...";

    private string Sql(IReadOnlyDictionary<string, string> types, string more)
    {
        var columns = Dialect.Columns.Select(column => $"{DuckDbSession.Literal(column)}: '{types.GetValueOrDefault(column, "VARCHAR")}'");
        var files = string.Join(", ", Files.Select(DuckDbSession.Literal));
        var quote = DuckDbSession.Literal(Dialect.Quote);
        return $"read_csv([{files}], auto_detect = false, header = {(Dialect.HasHeader ? "true" : "false")}, delim = {DuckDbSession.Literal(Dialect.Delimiter)}, " +
            $"quote = {quote}, escape = {quote}, encoding = '{Dialect.Encoding}', compression = '{Dialect.Compression}', " +
            $"columns = {{{string.Join(", ", columns)}}}{more})";
    }
}
