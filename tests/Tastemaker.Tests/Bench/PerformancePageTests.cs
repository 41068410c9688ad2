using Tastemaker.Bench.Reports;

namespace Tastemaker.Tests.Bench;

public sealed class PerformancePageTests
{
    [Theory]
    [InlineData(1_234_567, "1,230,000")]
    [InlineData(123.456, "123")]
    [InlineData(12.345, "12.3")]
    [InlineData(0.012345, "0.0123")]
    [InlineData(2, "2")]
    [InlineData(0, "-")]
    [InlineData(double.NaN, "-")]
    public void Figures_keep_three_digits(double number, string expected) => Figure.Significant(number).ShouldBe(expected);

    [Fact]
    public void Times_choose_their_unit()
    {
        Figure.Time(1.5).ShouldBe("1.5 s");
        Figure.Time(0.00234).ShouldBe("2.34 ms");
        Figure.Time(0.0000425).ShouldBe("42.5 us");
    }

    [Fact]
    public void The_page_holds_the_tables_in_order_and_a_table_comes_back_from_its_file()
    {
        var path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.json");
        try
        {
            PerformancePage.Save(Table("Samplers"), path);
            var page = PerformancePage.Of([Table("Optimizers"), PerformancePage.Read(path)]);

            page.ShouldStartWith("# Performance\n");
            page.IndexOf("## Optimizers", StringComparison.Ordinal).ShouldBeLessThan(page.IndexOf("## Samplers", StringComparison.Ordinal));
            page.ShouldContain("\n| what | time |\n|---|---:|\n| one | 1 ms |\n\nBound by memory.\n\nMachine: ");
            page.ShouldEndWith("\n    bench that\n");

            File.WriteAllText(path, "{}");
            Should.Throw<InputException>(() => PerformancePage.Read(path)).Message.ShouldContain(path);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static PerformanceTable Table(string title) => new()
    {
        Title = title,
        Text = "What was measured.",
        Columns = ["what", "time"],
        Rows = [["one", "1 ms"]],
        Findings = ["Bound by memory."],
        Command = "bench that",
        Machine = MachineFacts.Gather(1),
    };
}
