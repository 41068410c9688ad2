using Spectre.Console;
using Tastemaker.Evaluation;
using Tastemaker.Evaluation.Slices;

namespace Tastemaker.Cli.Output;

/// <summary>The figures of one evaluation for people.</summary>
internal static class MetricsTable
{
    private const int CountWidth = 12;

    /// <summary>Draws the figures, and those of slices with the main metric first.</summary>
    /// <param name="console">Where to.</param>
    /// <param name="result">The figures.</param>
    /// <param name="showsAll">Whether slices show every metric, as where the user named them; else those of the main metric's list length.</param>
    public static void Draw(IAnsiConsole console, EvaluationResult result, bool showsAll)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumn("metric").AddColumn(new TableColumn("value").RightAligned());
        foreach (var (metric, value) in result.Metrics)
        {
            table.AddRow(Markup.Escape(metric), $"{value:0.0000}");
        }

        console.Write(table);
        foreach (var slice in result.Slices)
        {
            Draw(console, slice, showsAll);
        }

        var rows = result.Clicks is { } clicks ? $"{clicks.Count} rows, {100.0 * clicks.Positives / clicks.Count:0.##} % with label 1, " : "";
        var requests = result.Clicks is null || result.Requests > 0 ? $"{result.Requests} requests, " : "";
        console.WriteLine($"{rows}{requests}{result.Protocol}, {result.Seconds:0.00} s.");
        foreach (var note in result.Notes)
        {
            console.WriteLine($"Note: {note}");
        }
    }

    private static void Draw(IAnsiConsole console, Slice slice, bool showsAll)
    {
        string[] metrics = [.. slice.Groups.SelectMany(group => group.Metrics.Keys).Distinct()];
        if (metrics.Length == 0)
        {
            return;
        }

        var columns = MetricColumns.Of(metrics, main: null, showsAll);
        var taken = Math.Max(slice.Name.Length, slice.Groups.Max(group => group.Value.Length)) + CountWidth + columns.Main.Length + CountWidth;
        foreach (var page in columns.Pages(console, taken))
        {
            console.Write(Page(slice, page));
        }

        columns.WriteHidden(console, "in the document of --json");
    }

    private static Table Page(Slice slice, IReadOnlyList<string> metrics)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumn(Markup.Escape(slice.Name)).AddColumn(new TableColumn("count").RightAligned());
        foreach (var metric in metrics)
        {
            table.AddColumn(new TableColumn(Markup.Escape(metric)).RightAligned());
        }

        foreach (var group in slice.Groups)
        {
            table.AddRow([
                Markup.Escape(group.Value),
                $"{group.Count:N0}",
                .. metrics.Select(metric => group.Metrics.TryGetValue(metric, out var value) ? $"{value:0.0000}" : "–")]);
        }

        return table;
    }
}
