using Spectre.Console;
using Tastemaker.Cli.Output;

namespace Tastemaker.Cli.Tests;

public class MetricColumnsTests
{
    private static readonly string[] Metrics = ["recall@10", "recall@20", "ndcg@10", "ndcg@20", "coverage@10", "rmse"];

    [Theory]
    [InlineData(40)]
    [InlineData(60)]
    [InlineData(200)]
    public void The_main_metric_is_first_in_every_table_and_no_other_is_lost_whatever_the_width(int width)
    {
        var pages = MetricColumns.Of(Metrics, main: null, all: true).Pages(Console(width, out _), taken: 20).ToList();

        pages.ShouldAllBe(page => page[0] == "ndcg@10" && page.Count > 1);
        pages.SelectMany(page => page.Skip(1)).ShouldBe(["recall@10", "recall@20", "ndcg@20", "coverage@10", "rmse"]);
        (pages.Count == 1).ShouldBe(width == 200);
    }

    [Fact]
    public void Other_list_lengths_are_left_out_by_name()
    {
        var columns = MetricColumns.Of(Metrics, "ndcg@20", all: false);
        var console = Console(200, out var text);

        columns.Pages(console, taken: 20).ShouldHaveSingleItem().ShouldBe(["ndcg@20", "recall@20", "rmse"]);
        columns.WriteHidden(console, "in the report");
        text.ToString().ShouldStartWith("Not shown: recall@10, ndcg@10, coverage@10. They are in the report;");
    }

    private static IAnsiConsole Console(int width, out StringWriter text)
    {
        text = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(text), Ansi = AnsiSupport.No });
        console.Profile.Width = width;
        return console;
    }
}
