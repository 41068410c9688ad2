using System.Text.Json;

namespace Tastemaker.Bench.Reports;

/// <summary>Puts a report on disk: as JSON, and as a section of a Markdown page whose other sections stay.</summary>
internal static class ReportFiles
{
    private const string PageHead = """
        # Benchmarks

        How fast Tastemaker imports, trains and ranks. Written by the harness in `bench/` (`--write docs/benchmarks.md`): each
        section is one run, and the command in it repeats the run.

        How to read the columns:

        - **samples/s** and **s/epoch** are the trainer's own figures without validation; the first epoch, in which code is compiled, is left out where
          more than one was run. For closed forms an epoch is the whole of training. A sample is what a system's batches count: a comparison or a
          labelled pair, a rating, a step of a session, a whole user for the autoencoders.
        - **users/s** is exact full ranking of the test requests: the whole catalog scored, training items masked, best items selected, all
          default ranking metrics computed. *score* is the part in which the system computes scores, *rank* all the rest, *both* the two together. The
          first system of a run also pays for compiling the evaluator.
        - **load before the run** is how many processes wanted a processor. Above the number of processors, other work took part of the machine, and the
          figures are lower than on a quiet one.
        - **peak** is the largest resident memory of the process while the system trained and ranked, with the data set in memory.

        """;

    private static readonly JsonSerializerOptions Format = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    public static void WriteJson(BenchReport report, string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        File.WriteAllText(path, JsonSerializer.Serialize(report, Format) + "\n");
    }

    /// <summary>Reads what <see cref="WriteJson"/> wrote.</summary>
    /// <exception cref="InputException">The file is not there or holds something else.</exception>
    public static BenchReport ReadJson(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<BenchReport>(File.ReadAllText(path), Format) ?? throw new InputException($"{path} is empty.");
        }
        catch (Exception unfit) when (unfit is IOException or JsonException)
        {
            throw new InputException($"{path} holds no figures of a benchmark run: {unfit.Message}", unfit);
        }
    }

    /// <summary>Adds the report's section to the page, or replaces the section of the same data set.</summary>
    public static void WritePage(BenchReport report, string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        File.WriteAllText(path, WithSection(File.Exists(path) ? File.ReadAllText(path) : "", report.Data, MarkdownReport.Section(report)));
    }

    /// <summary>A page with the section of a heading put in place of the one it has, or at its end.</summary>
    public static string WithSection(string page, string heading, string section)
    {
        const string mark = "\n## ";
        var parts = page.Split(mark);
        List<string> sections = [.. parts[1..].Select(text => text.TrimEnd() + "\n")];
        var at = sections.FindIndex(text => text.StartsWith(heading + "\n", StringComparison.Ordinal));
        var fresh = $"{heading}\n\n{section.Trim()}\n";
        if (at >= 0)
        {
            sections[at] = fresh;
        }
        else
        {
            sections.Add(fresh);
        }

        return PageHead.TrimEnd() + "\n" + string.Concat(sections.Select(text => mark + text));
    }
}
