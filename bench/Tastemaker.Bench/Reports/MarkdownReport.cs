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
        text.AppendLine(CultureInfo.InvariantCulture, $"{Count(report.Interactions)} interactions, {Count(report.Users)} users, {Count(report.Items)} items.");
        text.AppendLine(CultureInfo.InvariantCulture, $"Machine: {report.Machine}.").AppendLine();
        text.AppendLine("| step | seconds | rate | peak |").AppendLine("|---|---:|---:|---:|");
        if (report.GenerateSeconds is { } seconds)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"| generate | {Seconds(seconds)} | {Rate(report.Interactions, seconds)} rows/s | |");
        }

        text.AppendLine(
            CultureInfo.InvariantCulture,
            $"| import ({Megabytes(report.FileBytes)}) | {Seconds(report.ImportSeconds)} | {Rate(report.Interactions, report.ImportSeconds)} rows/s | {Gibibytes(report.ImportPeakBytes)} |");
        text.AppendLine(
            CultureInfo.InvariantCulture,
            $"| split `{report.Split}` | {Seconds(report.SplitSeconds)} | {Rate(report.Interactions, report.SplitSeconds)} rows/s | |").AppendLine();
        AppendSystems(text, report.Systems);
        text.AppendLine().AppendLine(CultureInfo.InvariantCulture, $"Peak memory of the whole run: {Gibibytes(report.PeakBytes)}.").AppendLine();
        return text.AppendLine("    " + report.Command).ToString().ReplaceLineEndings("\n");
    }

    private static void AppendSystems(StringBuilder text, IReadOnlyList<SystemMeasurement> systems)
    {
        text.AppendLine("| system | parameters | epochs measured | samples/s | s/epoch | users/s: score | rank | both | peak |");
        text.AppendLine("|---|---:|---:|---:|---:|---:|---:|---:|---:|");
        foreach (var system in systems)
        {
            var samples = system.SamplesPerSecond is { } rate ? Significant(rate) : "-";
            text.AppendLine(
                CultureInfo.InvariantCulture,
                $"| {system.System} | {(system.Parameters > 0 ? Count(system.Parameters) : "-")} | {system.Epochs} | {samples} | {Seconds(system.SecondsPerEpoch)} | {Rate(system.Requests, system.ScoreSeconds)} | {Rate(system.Requests, system.RankSeconds)} | {Rate(system.Requests, system.ScoreSeconds + system.RankSeconds)} | {Gibibytes(system.PeakBytes)} |");
        }
    }

    private static string Count(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    private static string Rate(long count, double seconds) => Significant(count / seconds);

    /// <summary>Three digits; a fourth would only be noise.</summary>
    private static string Significant(double number)
    {
        if (!double.IsFinite(number) || number <= 0)
        {
            return "-";
        }

        var unit = Math.Pow(10, Math.Max(0, Math.Floor(Math.Log10(number)) - 2));
        return (Math.Round(number / unit) * unit).ToString(number < 100 ? "0.#" : "N0", CultureInfo.InvariantCulture);
    }

    private static string Seconds(double seconds) => seconds.ToString(seconds < 10 ? "0.00" : "0.0", CultureInfo.InvariantCulture);

    private static string Megabytes(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0.#} MB");

    private static string Gibibytes(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)(1 << 30):0.00} GiB");
}
