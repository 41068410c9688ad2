using System.Globalization;
using Tastemaker.Data.Import;
using Tastemaker.Data.Import.Columns;
using Tastemaker.Data.Import.Formats;
using Tastemaker.Data.Import.Reading;

namespace Tastemaker.Data.Inspection;

/// <summary>Looks at sources that an import refuses, so that one can see how to name their columns or what to fix.</summary>
public static class SourceInspector
{
    private const int Examples = 3;

    private const long MostCounted = 1_000_000;

    // Sorted files begin with many rows of one user.
    private const int Looked = 1000;

    private const int LongestExample = 40;

    /// <summary>Shows the columns of the interactions.</summary>
    /// <param name="options">Which data.</param>
    /// <param name="problems">Why an import refuses it.</param>
    /// <param name="cancellation">Stops the reading.</param>
    /// <exception cref="InputException">There is nothing to see: no such file, a damaged one, or no table.</exception>
    public static SourceInspection Inspect(DataOptions options, IReadOnlyList<string> problems, CancellationToken cancellation = default) =>
        DatasetImport.Open(options, null, (session, source, _) => Look(session, source, problems), cancellation);

    private static SourceInspection Look(DuckDbSession session, ImportSource source, IReadOnlyList<string> problems)
    {
        var relation = source.Interactions;
        try
        {
            var statistics = ColumnStatistics.Of(session, relation, relation.Columns, long.MaxValue);
            var texts = relation.Columns.Select(column => $"CAST({DuckDbSession.Name(column.Name)} AS VARCHAR)");
            var rows = session.Rows($"SELECT {string.Join(", ", texts)} FROM {relation.Lenient} LIMIT {Looked}");
            var distinct = Distinct(session, relation, statistics);
            return new SourceInspection
            {
                Source = relation.Label,
                Layout = source.Layout,
                Rows = statistics.Count == 0 ? 0 : statistics[0].Rows,
                Columns = [.. relation.Columns.Select((column, index) => Summary(column, statistics[index], distinct[index], [.. rows.Select(row => Shortened(row[index])).Distinct().Take(Examples)]))],
                Problems = problems,
            };
        }
        catch (QueryFailedException failure)
        {
            throw relation.Explain(failure, session, Relation.Untyped);
        }
    }

    private static SourceColumnSummary Summary(SourceColumn column, ColumnStatistics statistics, long distinct, List<string> examples) => new(
        column.Name,
        column.IsNested || column.IsList ? "lists or objects"
        : statistics.Filled == 0 ? "nothing"
        : statistics.IsInteger ? "whole numbers"
        : NumberText.Recognize(statistics, null, share: 1) is { } format ? format == NumberFormat.Words ? "yes and no" : "numbers"
        : statistics.IsCalendar || column.IsCalendar ? "dates"
        : "text",
        statistics.Filled,
        statistics.Rows - statistics.Filled,
        distinct,
        examples);

    // Counted where that is cheap; an estimate may be larger than the number of values.
    private static long[] Distinct(DuckDbSession session, Relation relation, IReadOnlyList<ColumnStatistics> statistics)
    {
        if (statistics.Count == 0 || statistics[0].Rows > MostCounted)
        {
            return [.. statistics.Select(column => Math.Min(column.Distinct, column.Filled))];
        }

        var counts = relation.Columns.Select(column => $"count(DISTINCT CAST({DuckDbSession.Name(column.Name)} AS VARCHAR))");
        return [.. session.Rows($"SELECT {string.Join(", ", counts)} FROM {relation.Lenient}")[0].Select(count => long.Parse(count!, CultureInfo.InvariantCulture))];
    }

    private static string Shortened(string? text) => text is null ? "" : text.Length <= LongestExample ? text : text[..(LongestExample - 3)] + "...";
}
