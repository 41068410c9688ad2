using System.Globalization;
using Tastemaker.Data.Import.Reading;

namespace Tastemaker.Data.Import.Formats;

/// <summary>Delimited text of one dialect, in one or more files.</summary>
internal sealed record DelimitedRelation(IReadOnlyList<string> Files, Dialect Dialect)
    : Relation(string.Join(", ", Files), [.. Dialect.Columns.Select(name => new SourceColumn(name, "VARCHAR"))])
{
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

    public override string From(IReadOnlyDictionary<string, string> types) => Sql(types, "");

    /// <summary>The same text with a last column that holds the name of the file a row comes from.</summary>
    public DelimitedRelation WithFileColumn(string name) => this with { FileColumn = name, Columns = [.. Columns, new SourceColumn(name, "VARCHAR")] };

    public override InputException Explain(QueryFailedException failure, DuckDbSession session, IReadOnlyDictionary<string, string> types)
    {
        var problems = Problems(session, types);
        return problems.Count > 0 ? new InputException(problems) : failure.Explained(Label);
    }

    public override string Lenient => Sql(Untyped, ", ignore_errors = true");

    public override string Noting(IReadOnlyDictionary<string, string> types) =>
        Sql(types, $", store_rejects = true, rejects_table = '{RejectTable}', rejects_scan = '{RejectScans}', rejects_limit = {RejectLimit}");

    public override void AddNoted(DuckDbSession session, BadRowList bad, IReadOnlyDictionary<string, string> types)
    {
        var rejects = Noted(session);
        session.Execute($"DROP TABLE IF EXISTS {RejectTable}");
        session.Execute($"DROP TABLE IF EXISTS {RejectScans}");
        foreach (var reject in rejects)
        {
            var (line, column, kind, text) = (reject[1], reject[2], reject[3]?.ToUpperInvariant(), reject[4]);
            if (kind is "INVALID UNICODE" or "INVALID ENCODING")
            {
                throw new QueryFailedException("The text is not utf-8 encoded.");
            }

            var where = new BadRow(long.Parse(line!, CultureInfo.InvariantCulture), true, $": {Shortened(text)}", Files.Count == 1 ? null : reject[0]);
            if (kind is "UNQUOTED VALUE" or "MAXIMUM LINE SIZE" or "LINE SIZE OVER MAXIMUM")
            {
                throw new InputException($"{where.File ?? Label}, line {line}: a quoting character is not closed, or text follows it, so that it is not known where the row ends: {Shortened(text)}. " +
                    "If the text has no quoting, set quote to none; if quoting characters inside fields follow a backslash, set escape to backslash.");
            }

            var reason = Reason(kind, column, reject[5], types);
            bad.Add(reason, bad.Wants(reason) ? where : null);
            bad.Lost?.Add(where.Number - Dialect.Skipped - (Dialect.HasHeader ? 1 : 0));
        }

        bad.Lost = Files.Count > 1 && rejects.Count > 0 ? null : bad.Lost;
    }

    /// <summary>Lines that cannot be read with these types, the first ones in full; empty where all can.</summary>
    public IReadOnlyList<string> Problems(DuckDbSession session, IReadOnlyDictionary<string, string> types)
    {
        var bad = new BadRowList(Label);
        try
        {
            // Rows are only checked when their columns are asked for.
            var asked = types.Keys.Where(column => column != FileColumn).ToList();
            var columns = asked.Count == 0 ? "*" : string.Join(", ", asked.Select(DuckDbSession.Name));
            session.Execute($"CREATE OR REPLACE TEMP TABLE diagnosis AS SELECT {columns} FROM {Noting(types)}");
            AddNoted(session, bad, types);
            bad.Apply(long.MaxValue, BadRowPolicy.Error, []);
            return [];
        }
        catch (QueryFailedException)
        {
            return [];
        }
        catch (InputException problems)
        {
            return problems.Problems;
        }
    }

    private const int RejectLimit = 1_000_000;

    private const string RejectTable = "noted_errors";

    private const string RejectScans = "noted_scans";

    private static List<string?[]> Noted(DuckDbSession session) => session.Rows(
        "SELECT any_value(s.file_path), e.line, first(e.column_name ORDER BY e.byte_position), first(e.error_type ORDER BY e.byte_position), " +
        $"any_value(e.csv_line), any_value(e.error_message) FROM {RejectTable} e JOIN {RejectScans} s USING (scan_id, file_id) " +
        "GROUP BY e.file_id, e.line ORDER BY e.file_id, e.line");

    private string Reason(string? kind, string? column, string? message, IReadOnlyDictionary<string, string> types) => kind switch
    {
        "CAST" => $"column '{column}' is not {TypeInWords(types.GetValueOrDefault(column ?? "", "text"))}",
        "MISSING COLUMNS" => $"fewer than the {Dialect.Columns.Count.ToString(CultureInfo.InvariantCulture)} columns expected",
        "TOO MANY COLUMNS" => $"more than the {Dialect.Columns.Count.ToString(CultureInfo.InvariantCulture)} columns expected",
        _ => (message ?? "cannot be read").Split('\n')[0],
    };

    private static string Shortened(string? text) => text is null ? "" : text.Length <= 120 ? text.Trim('\r', '\n') : text[..117] + "...";

    private string Sql(IReadOnlyDictionary<string, string> types, string more) => FileColumn is null
        ? Scan(types, more)
        : $"(SELECT {string.Join(", ", Dialect.Columns.Select(DuckDbSession.Name))}, parse_filename({DuckDbSession.Name(FilePath)}) AS {DuckDbSession.Name(FileColumn)} "
            + $"FROM {Scan(types, $"{more}, filename = {DuckDbSession.Literal(FilePath)}")})";

    private string Scan(IReadOnlyDictionary<string, string> types, string more)
    {
        var columns = Dialect.Columns.Select(column => $"{DuckDbSession.Literal(column)}: '{types.GetValueOrDefault(column, "VARCHAR")}'");
        var files = string.Join(", ", Files.Select(DuckDbSession.Literal));
        var quote = DuckDbSession.Literal(Dialect.Quote);
        return $"read_csv([{files}], auto_detect = false, header = {(Dialect.HasHeader ? "true" : "false")}, delim = {DuckDbSession.Literal(Dialect.Delimiter)}, " +
            $"quote = {quote}, escape = {DuckDbSession.Literal(Dialect.Escape)}, encoding = '{Dialect.Encoding}', compression = '{Dialect.Compression}', " +
            $"columns = {{{string.Join(", ", columns)}}}{(Dialect.Skipped > 0 ? $", skip = {Dialect.Skipped}" : "")}{(Dialect.EndsByCarriageReturn ? ", new_line = '\\r'" : "")}{more})";
    }
}
