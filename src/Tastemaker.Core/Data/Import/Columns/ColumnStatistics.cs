using System.Globalization;
using Tastemaker.Data.Import.Formats;
using Tastemaker.Data.Import.Reading;

namespace Tastemaker.Data.Import.Columns;

/// <summary>What the values of a column look like, over all rows of a small relation or the first rows of a large one.</summary>
internal sealed record ColumnStatistics(long Rows, long Filled, long Numbers, long Integers, long Dates, long Distinct, long Piped, long Spaced, double Largest,
    long Grouped, long Commas, long Words, long Zeros, long Ones, long FromZero, long FromOne, long Dated, long Small, long Digits)
{
    public bool IsNumeric => Filled > 0 && Numbers == Filled;

    public bool IsInteger => Filled > 0 && Integers == Filled;

    public bool IsCalendar => Filled > 0 && Dates == Filled && !IsNumeric;

    /// <summary>Whether numbers are Unix times of several units: some could be seconds, others are larger.</summary>
    public bool MixesUnits => Numbers > 0 && Small > 0 && Largest >= SmallestMilliseconds && Small < Numbers;

    /// <summary>Whether every row holds a date, ISO or of numbers.</summary>
    public bool IsDate => Filled > 0 && Filled == Rows && !IsNumeric && (Dates == Filled || Dated == Filled);

    /// <summary>Whether there are values, none of them a number, a date or a label in a usual notation, and most of them without any digit.</summary>
    public bool IsText => Filled > 0 && Numbers + Dates + Dated + Grouped + Commas + Words + Zeros + Ones == 0 && 2 * Digits < Filled;

    /// <summary>Whether every value is true or false, or yes or no.</summary>
    public bool IsWords => Filled > 0 && Words == Filled;

    private const double SmallestMilliseconds = 1e11;

    /// <summary>Whether every value is the number of its row, from 0 or 1, in enough rows to be no chance.</summary>
    public bool IsRowNumber => Rows >= FewestRows && IsInteger && (FromZero == Rows || FromOne == Rows);

    private const int FewestRows = 10;

    /// <summary>Statistics of columns, all in one query.</summary>
    /// <param name="session">Runs it.</param>
    /// <param name="relation">The relation.</param>
    /// <param name="columns">Its columns of interest.</param>
    /// <param name="limit">Rows looked at.</param>
    public static IReadOnlyList<ColumnStatistics> Of(DuckDbSession session, Relation relation, IReadOnlyList<SourceColumn> columns, long limit)
    {
        if (columns.Count == 0)
        {
            return [];
        }

        var texts = columns.Select((column, index) => $"CAST({DuckDbSession.Name(column.Name)} AS VARCHAR) AS c{index}");
        var figures = columns.Select((_, index) => Figures($"c{index}"));
        var row = session.Rows(
            $"SELECT count(*), {string.Join(", ", figures)} FROM (SELECT {string.Join(", ", texts)}, row_number() OVER () AS n FROM {relation.Lenient} LIMIT {limit})")[0];
        return [.. columns.Select((_, index) => Parse(row, index))];
    }

    private static string Figures(string column) =>
        $"count({column}), count(TRY_CAST({column} AS DOUBLE)), count_if(regexp_full_match({column}, '-?[0-9]{{1,18}}')), count(TRY_CAST({column} AS TIMESTAMPTZ)), " +
        $"approx_count_distinct({column}), count_if(contains({column}, '|')), count_if(contains({column}, ' ')), max(abs(TRY_CAST({column} AS DOUBLE))), " +
        $"count_if(regexp_full_match({column}, {DuckDbSession.Literal(NumberText.Grouped)})), count_if(regexp_full_match({column}, {DuckDbSession.Literal(NumberText.Comma)})), " +
        $"count_if({NumberText.IsWord(column)}), count_if({IsLabel(column, 0)}), count_if({IsLabel(column, 1)}), " +
        $"count_if(TRY_CAST({column} AS BIGINT) = n - 1), count_if(TRY_CAST({column} AS BIGINT) = n), " +
        $"count_if(regexp_full_match({column}, {DuckDbSession.Literal(DateText.Shape)})), count_if(abs(TRY_CAST({column} AS DOUBLE)) BETWEEN 1e8 AND 1e11), count_if(regexp_matches({column}, '[0-9]'))";

    private static string IsLabel(string column, int label) =>
        $"coalesce(TRY_CAST({column} AS DOUBLE), CASE WHEN lower({column}) IN ('true', 'yes') THEN 1 WHEN lower({column}) IN ('false', 'no') THEN 0 END) {(label == 1 ? "= 1" : "IN (0, -1)")}";

    private static ColumnStatistics Parse(string?[] row, int column)
    {
        const int FigureCount = 18;
        long Figure(int figure) => long.Parse(row[1 + (column * FigureCount) + figure] ?? "0", CultureInfo.InvariantCulture);
        var largest = row[1 + (column * FigureCount) + 7];
        return new ColumnStatistics(
            long.Parse(row[0]!, CultureInfo.InvariantCulture),
            Figure(0), Figure(1), Figure(2), Figure(3), Figure(4), Figure(5), Figure(6),
            largest is null ? 0 : double.Parse(largest, CultureInfo.InvariantCulture),
            Figure(8), Figure(9), Figure(10), Figure(11), Figure(12), Figure(13), Figure(14), Figure(15), Figure(16), Figure(17));
    }
}
