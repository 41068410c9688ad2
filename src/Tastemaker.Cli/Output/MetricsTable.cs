using Spectre.Console;
using Tastemaker.Evaluation;

namespace Tastemaker.Cli.Output;

/// <summary>The figures of one evaluation for people.</summary>
internal static class MetricsTable
{
    public static void Draw(IAnsiConsole console, EvaluationResult result)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumn("metric").AddColumn(new TableColumn("value").RightAligned());
        foreach (var (metric, value) in result.Metrics)
        {
            table.AddRow(Markup.Escape(metric), $"{value:0.0000}");
        }

        console.Write(table);
        console.WriteLine($"{result.Requests} requests, {result.Protocol}, {result.Seconds:0.00} s.");
        foreach (var note in result.Notes)
        {
            console.WriteLine($"Note: {note}");
        }
    }
}
