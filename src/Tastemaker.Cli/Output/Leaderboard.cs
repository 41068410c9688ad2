using System.Globalization;
using Spectre.Console;
using Tastemaker.Evaluation.Reports;
using Tastemaker.Evaluation.Significance;
using Markup = Spectre.Console.Markup;

namespace Tastemaker.Cli.Output;

/// <summary>A comparison for people: systems best first, with intervals, what they cost, which failed, and what the tests say.</summary>
/// <param name="table">The systems against each other.</param>
internal sealed class Leaderboard(ComparisonTable table)
{
    private static readonly string[] NoCosts = ["–", "–", "–"];

    private const int IntervalWidth = 26;
    private const int CostsWidth = 36;

    /// <summary>What each system cost; empty where that is not known.</summary>
    public IReadOnlyList<SystemReport> Systems { get; init; } = [];

    /// <summary>Systems that have no figures, with the reason.</summary>
    public IReadOnlyList<FailedSystem> Failed { get; init; } = [];

    /// <summary>Whether the tests of systems against each other are told; not where figures say nothing of them.</summary>
    public bool Explains { get; init; } = true;

    /// <summary>Whether every metric is shown, as where the user named them; else those of the main metric's list length.</summary>
    public bool ShowsAll { get; init; }

    public void Draw(IAnsiConsole console)
    {
        var columns = MetricColumns.Of(table.Metrics, table.MainMetric, ShowsAll);
        var names = table.Rows.Select(row => row.System).Concat(Failed.Select(system => system.Name)).Max(name => name.Length);
        var isFirst = true;
        foreach (var page in columns.Pages(console, names + table.MainMetric.Length + IntervalWidth + (Systems.Count > 0 ? CostsWidth : 0)))
        {
            console.Write(Page(page, withCosts: isFirst && Systems.Count > 0));
            isFirst = false;
        }

        columns.WriteHidden(console, "in the report and with --json");
        foreach (var system in Failed)
        {
            console.WriteLine($"{system.Name} failed: {system.Reason}");
        }

        foreach (var row in table.Rows.Where(row => Explains && row.System != table.Reference))
        {
            console.WriteLine($"{row.System} is {table.Explain(row)}");
        }
    }

    private Table Page(IReadOnlyList<string> metrics, bool withCosts)
    {
        var drawn = new Table().Border(TableBorder.Simple).AddColumn("system");
        foreach (var metric in metrics)
        {
            drawn.AddColumn(new TableColumn(metric == table.MainMetric ? $"{metric} [[95 %]]" : metric).NoWrap().RightAligned());
        }

        foreach (var cost in withCosts ? new[] { "training", $"per {Systems[0].ScoredUnit}", "model" } : [])
        {
            drawn.AddColumn(new TableColumn(cost).NoWrap().RightAligned());
        }

        foreach (var row in table.Rows)
        {
            drawn.AddRow([
                Markup.Escape(row.System),
                .. metrics.Select(metric => Cell(row, metric, metric == table.MainMetric)),
                .. withCosts ? Costs(Systems.First(system => system.Name == row.System)) : []]);
        }

        foreach (var system in Failed)
        {
            drawn.AddRow([Markup.Escape(system.Name), "failed", .. metrics.Skip(1).Select(_ => "–"), .. withCosts ? NoCosts : []]);
        }

        return drawn;
    }

    private static string[] Costs(SystemReport system) =>
        [ReportNumber.Duration(system.TrainingSeconds), ReportNumber.Milliseconds(system.ScoringMilliseconds), ReportNumber.Size(system.ModelBytes)];

    private static string Cell(ComparisonRow row, string metric, bool withInterval)
    {
        var cell = row.Cells[metric];
        var text = ReportNumber.Format(cell.Mean);
        return withInterval && cell.Interval is { } interval
            ? string.Create(CultureInfo.InvariantCulture, $"{text} [[{interval.Lower:0.000}, {interval.Upper:0.000}]]")
            : text;
    }
}
