using Tastemaker.Bench.Reports;

namespace Tastemaker.Tests.Bench;

public sealed class ReportFilesTests
{
    [Fact]
    public void A_section_is_added_once_and_then_replaced_in_place()
    {
        var page = ReportFiles.WithSection("", "small", "| one |");
        page = ReportFiles.WithSection(page, "large", "| two |");
        page = ReportFiles.WithSection(page, "small", "| three |");

        page.ShouldStartWith("# Benchmarks\n");
        page.ShouldNotContain("| one |");
        page.ShouldEndWith("\n\n## small\n\n| three |\n\n## large\n\n| two |\n");
        ReportFiles.WithSection(page, "large", "| two |").ShouldBe(page);
    }

    [Fact]
    public void Figures_are_rounded_to_what_they_can_tell()
    {
        var section = MarkdownReport.Section(Report());

        section.ShouldContain("1,000,209 interactions, 6,040 users, 3,706 items.");
        section.ShouldContain("| import (3.6 MB) | 0.80 | 1,250,000 rows/s | 0.50 GiB |");
        section.ShouldContain("| ease | 13,734,436 | 1 | - | 4.00 | 6,040 | 12,100 | 4,030 | 1.50 GiB |");
    }

    [Fact]
    public void A_report_comes_back_from_its_file()
    {
        var path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.json");
        try
        {
            ReportFiles.WriteJson(Report(), path);
            MarkdownReport.Section(ReportFiles.ReadJson(path)).ShouldBe(MarkdownReport.Section(Report()));

            File.WriteAllText(path, "{}");
            Should.Throw<InputException>(() => ReportFiles.ReadJson(path)).Message.ShouldContain(path);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static BenchReport Report() => new()
    {
        Data = "ml-1m",
        Command = "end-to-end",
        Machine = new MachineFacts
        {
            Processor = "cpu", LogicalProcessors = 2, Threads = 2, MemoryBytes = 1L << 34, System = "os", Runtime = ".NET", Tastemaker = "1", TorchSharp = "1", DuckDb = "1",
        },
        Users = 6_040,
        Items = 3_706,
        Interactions = 1_000_209,
        FileBytes = 3_589_677,
        ImportSeconds = 0.8,
        ImportPeakBytes = 1L << 29,
        Split = "random seed 42",
        SplitSeconds = 0.2,
        Systems =
        [
            new SystemMeasurement
            {
                System = "ease", Parameters = 13_734_436, Epochs = 1, SecondsPerEpoch = 4, SamplesPerSecond = null, Requests = 6_040, ScoreSeconds = 1, RankSeconds = 0.5,
                PeakBytes = 3L << 29, Ndcg = 0.3,
            },
        ],
        PeakBytes = 1L << 31,
    };
}
