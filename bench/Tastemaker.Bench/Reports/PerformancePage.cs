using System.Text;
using System.Text.Json;

namespace Tastemaker.Bench.Reports;

/// <summary>Writes docs/performance.md from the tables that runs of the harness left as JSON.</summary>
internal static class PerformancePage
{
    private const string Head = """
        # Performance

        What Tastemaker's parts cost, beside what bounds them. Written by the harness in `bench/` from the JSON files in
        `bench/results/performance/`, one a section; each section names the command that repeats it. Whole runs are on
        [another page](benchmarks.md).

        Times are medians over rounds in one process after warming up; where two things are compared, their rounds alternate, so that a busy
        moment of the machine hits both. Ratios therefore travel better than times. A load before the run above the number of processors means
        that other work took part of the machine.
        """;

    private static readonly JsonSerializerOptions Format = new()
    {
        WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.CamelCase, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Saves a table for the page.</summary>
    public static void Save(PerformanceTable table, string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        File.WriteAllText(path, JsonSerializer.Serialize(table, Format) + "\n");
    }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    /// <exception cref="InputException">The file is not there or holds something else.</exception>
    public static PerformanceTable Read(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<PerformanceTable>(File.ReadAllText(path), Format) ?? throw new InputException($"{path} is empty.");
        }
        catch (Exception unfit) when (unfit is IOException or JsonException)
        {
            throw new InputException($"{path} holds no table of a benchmark run: {unfit.Message}", unfit);
        }
    }

    /// <summary>The whole page.</summary>
    /// <param name="tables">Its sections.</param>
    /// <param name="head">Its title and introduction; null for that of docs/performance.md.</param>
    public static string Of(IEnumerable<PerformanceTable> tables, string? head = null) =>
        (head ?? Head).ReplaceLineEndings("\n") + "\n" + string.Concat(tables.Select(table => "\n" + Section(table)));

    /// <summary>One section: text, table, findings, machine, command.</summary>
    public static string Section(PerformanceTable table)
    {
        var text = new StringBuilder();
        text.AppendLine($"## {table.Title}").AppendLine().AppendLine(table.Text).AppendLine();
        text.AppendLine($"| {string.Join(" | ", table.Columns)} |");
        text.AppendLine($"|---|{string.Concat(Enumerable.Repeat("---:|", table.Columns.Count - 1))}");
        foreach (var row in table.Rows)
        {
            text.AppendLine($"| {string.Join(" | ", row)} |");
        }

        foreach (var finding in table.Findings)
        {
            text.AppendLine().Append(finding).AppendLine();
        }

        text.AppendLine().AppendLine($"Machine: {table.Machine}.").AppendLine().AppendLine("    " + table.Command);
        return text.ToString().ReplaceLineEndings("\n");
    }
}
