using System.Globalization;
using Spectre.Console;
using Tastemaker.Evaluation.Significance;

namespace Tastemaker.Cli.Output;

/// <summary>A comparison for people: systems best first, with intervals and what the tests say.</summary>
internal static class Leaderboard
{
    public static void Draw(IAnsiConsole console, ComparisonTable comparison, int mostMetrics = 6)
    {
        var metrics = comparison.Metrics.Where(metric => metric != comparison.MainMetric).Prepend(comparison.MainMetric).Take(mostMetrics).ToList();
        var table = new Table().Border(TableBorder.Simple).AddColumn("system");
        foreach (var metric in metrics)
        {
            table.AddColumn(new TableColumn(metric == comparison.MainMetric ? $"{metric} [[95 %]]" : metric).RightAligned());
        }

        foreach (var row in comparison.Rows)
        {
            table.AddRow([Markup.Escape(row.System), .. metrics.Select(metric => Cell(row, metric, metric == comparison.MainMetric))]);
        }

        console.Write(table);
        foreach (var row in comparison.Rows.Where(row => row.System != comparison.Reference))
        {
            console.WriteLine($"{row.System} is {comparison.Explain(row)}");
        }
    }

    private static string Cell(ComparisonRow row, string metric, bool withInterval)
    {
        var cell = row.Cells[metric];
        var text = cell.Mean.ToString("0.0000", CultureInfo.InvariantCulture);
        return withInterval && cell.Interval is { } interval
            ? string.Create(CultureInfo.InvariantCulture, $"{text} [[{interval.Lower:0.000}, {interval.Upper:0.000}]]")
            : text;
    }
}
