using System.Globalization;
using System.Text;

namespace Tastemaker.Bench.Reports;

/// <summary>A report as Markdown.</summary>
internal static class MarkdownReport
{
    /// <summary>The text below the heading of a data set.</summary>
    public static string Section(BenchReport report)
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"{Figure.Count(report.Interactions)} interactions, {Figure.Count(report.Users)} users, {Figure.Count(report.Items)} items.");
        text.AppendLine(CultureInfo.InvariantCulture, $"Machine: {report.Machine}.").AppendLine();
        text.AppendLine("| step | seconds | rate | peak |").AppendLine("|---|---:|---:|---:|");
        if (report.GenerateSeconds is { } seconds)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"| generate | {Seconds(seconds)} | {Rate(report.Interactions, seconds)} rows/s | |");
        }

        text.AppendLine(
            CultureInfo.InvariantCulture,
            $"| import ({Megabytes(report.FileBytes)}) | {Seconds(report.ImportSeconds)} | {Rate(report.Interactions, report.ImportSeconds)} rows/s | {Figure.Gibibytes(report.ImportPeakBytes)} |");
        text.AppendLine(
            CultureInfo.InvariantCulture,
            $"| split `{report.Split}` | {Seconds(report.SplitSeconds)} | {Rate(report.Interactions, report.SplitSeconds)} rows/s | |").AppendLine();
        AppendSystems(text, report.Systems);
        text.AppendLine().AppendLine(CultureInfo.InvariantCulture, $"Peak memory of the whole run: {Figure.Gibibytes(report.PeakBytes)}.").AppendLine();
        return text.AppendLine("    " + report.Command).ToString().ReplaceLineEndings("\n");
    }

    private static void AppendSystems(StringBuilder text, IReadOnlyList<SystemMeasurement> systems)
    {
        text.AppendLine("| system | parameters | epochs measured | samples/s | s/epoch | users/s: score | rank | both | peak |");
        text.AppendLine("|---|---:|---:|---:|---:|---:|---:|---:|---:|");
        foreach (var system in systems)
        {
            var samples = system.SamplesPerSecond is { } rate ? Figure.Significant(rate) : "-";
            text.AppendLine(
                CultureInfo.InvariantCulture,
                $"| {system.System} | {(system.Parameters > 0 ? Figure.Count(system.Parameters) : "-")} | {system.Epochs} | {samples} | {Seconds(system.SecondsPerEpoch)} | {Rate(system.Requests, system.ScoreSeconds)} | {Rate(system.Requests, system.RankSeconds)} | {Rate(system.Requests, system.ScoreSeconds + system.RankSeconds)} | {Figure.Gibibytes(system.PeakBytes)} |");
        }
    }

    private static string Rate(long count, double seconds) => Figure.Significant(count / seconds);

    private static string Seconds(double seconds) => seconds.ToString(seconds < 10 ? "0.00" : "0.0", CultureInfo.InvariantCulture);

    private static string Megabytes(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0.#} MB");
}
