using Tastemaker.Cli.Output;

namespace Tastemaker.Cli.Tests;

/// <summary>What the library says of its options, in words of the command line.</summary>
public sealed class OptionWordsTests(Workplace place) : IClassFixture<Workplace>
{
    [Theory]
    [InlineData("Name one with the option user.", "Name one with --user-column.")]
    [InlineData("has no column 'film', which the option item names.", "has no column 'film', which --item-column names.")]
    [InlineData("Set time to none if it is not.", "Set --time-column none if it is not.")]
    [InlineData("set value to Stars and the filter label(at-least=1)", "set --value-column Stars and the filter label(at-least=1)")]
    [InlineData("set label to clicked (--label-column clicked). To take all rows, set label to none.", "set --label-column clicked. To take all rows, set --label-column none.")]
    [InlineData("leave them out with on-bad-rows drop, or set time to none.", "leave them out with --on-bad-rows drop, or set --time-column none.")]
    [InlineData("set column-owner to interactions.", "set --column-owner interactions.")]
    [InlineData("set decimal-mark to '.'.", "set --decimal-mark '.'.")]
    [InlineData("Set the option time-unit to a smaller unit, or to order.", "Set --time-unit to a smaller unit, or to order.")]
    [InlineData("by the option missing-values (--missing-values): positive", "by --missing-values: positive")]
    [InlineData("with the option features (--feature \"id=categorical\").", "with --feature \"id=categorical\".")]
    [InlineData("Give one of the options itemQuery and itemFile.", "Give one of --item-query and --item-file.")]
    [InlineData("set the options of columns, delimiter, quote, decimal-mark or time-format.", "set the options of columns, delimiter, quote, --decimal-mark or --time-format.")]
    [InlineData("If each is one, set trim to true; otherwise fix the data.", "If each is one, set --trim true; otherwise fix the data.")]
    [InlineData("Column 'time-format' of shop/item-file.csv has 3 users to none.", "Column 'time-format' of shop/item-file.csv has 3 users to none.")]
    [InlineData("A setting, such as learning-rate=0.001, and --time-column Date.", "A setting, such as learning-rate=0.001, and --time-column Date.")]
    public void Options_are_named_as_they_are_typed(string said, string expected) => OptionWords.Of(said).ShouldBe(expected);

    [Fact]
    public async Task Errors_and_inspections_name_the_options_of_the_command()
    {
        var path = place.Write("odd.csv", "who,what", "1,2", "3,4");

        (await Taste.RunAsync("train", path, "--system", "ease")).Error.ReplaceLineEndings(" ").ShouldContain("--user-column");
        var inspected = await Taste.RunAsync("data", "inspect", path);
        inspected.Error.ShouldContain("Name one with --user-column");
        (inspected.Output + inspected.Error).ShouldNotContain("the option user");
    }
}
