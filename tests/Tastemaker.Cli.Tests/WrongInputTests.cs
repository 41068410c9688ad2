namespace Tastemaker.Cli.Tests;

public sealed class WrongInputTests(Workplace place) : IClassFixture<Workplace>
{
    [Theory]
    [InlineData("train DATA --system esae", "'ease'")]
    [InlineData("train DATA --system neumf --set learing-rate=1", "'learning-rate'")]
    [InlineData("train DATA --system neumf --set epochs=many", "epochs")]
    [InlineData("train DATA --system neumf --set epochs=0", "epochs is 0")]
    [InlineData("train DATA --system ease --split leave-won-out", "'leave-one-out'")]
    [InlineData("train DATA --system ease --filter k-cor(5)", "'k-core'")]
    [InlineData("train DATA --system ease --filter min-value(9)", "min-value(9)")]
    [InlineData("train DATA --system ease --metrics ndgc", "'ndcg'")]
    [InlineData("train DATA --system ease --item-column film", "film")]
    [InlineData("train nowhere.csv --system ease", "nowhere.csv")]
    [InlineData("train --system ease", "No data is named")]
    [InlineData("train DATA", "No system is named")]
    [InlineData("train DATA --system ease --sytem x", "--system")]
    [InlineData("similar nowhere item --threads many", "--threads many")]
    [InlineData("models esae", "'ease'")]
    [InlineData("recommend nowhere --user 1", "no trained model")]
    [InlineData("data fetch movielens-1n", "'movielens-1m'")]
    [InlineData("compare DATA --systems ease --no-baselines", "at least two")]
    [InlineData("evaluate nowhere", "holds no run")]
    public async Task Wrong_input_is_named_with_a_remedy_and_exits_with_2(string command, string expected)
    {
        var result = await Taste.RunAsync([.. command.Split(' ').Select(word => word == "DATA" ? place.Ratings : word)]);
        result.ExitCode.ShouldBe(2, result.Error);
        result.Error.ReplaceLineEndings(" ").ShouldContain(expected);
        result.Error.ShouldNotContain("   at Tastemaker");
        result.Output.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_system_that_cannot_answer_the_split_is_refused_before_any_trains()
    {
        var folder = place.At("refused-comparison");
        var result = await Taste.RunAsync(
            "compare", place.Ratings, "--systems", "ease,neumf", "--no-baselines", "--split", "strong-generalization", "--out", folder);
        result.ExitCode.ShouldBe(2, result.Error);
        result.Error.ShouldContain("NeuMF");
        Directory.Exists(folder).ShouldBeFalse();
    }

    [Fact]
    public async Task All_problems_are_listed_at_once()
    {
        var result = await Taste.RunAsync("train", place.Ratings, "--system", "neumf", "--set", "epochs=0", "--set", "color=blue", "--set", "batch-size=x");
        result.ExitCode.ShouldBe(2);
        result.Error.ShouldContain("epochs");
        result.Error.ShouldContain("color");
        result.Error.ShouldContain("batch-size");
    }

    [Fact]
    public async Task With_json_the_problems_are_the_document()
    {
        var result = await Taste.RunAsync("models", "esae", "--json");
        result.ExitCode.ShouldBe(2);
        result.Json.GetProperty("error").GetString().ShouldBe("wrong-input");
        result.Json.GetProperty("problems")[0].GetString()!.ShouldContain("ease");
    }

    [Fact]
    public async Task Unparsable_rows_name_file_and_row()
    {
        var broken = place.Write("broken.csv", "user,item,rating", "1,2,3", "1,3,good", "2,2,4", "2,3,5");
        var result = await Taste.RunAsync("train", broken, "--system", "ease", "--split", "none", "--on-bad-rows", "error");
        result.ExitCode.ShouldBe(2, result.Error + result.Output);
        result.Error.ShouldContain("broken.csv");
        result.Error.ShouldContain("good");

        // Inspecting shows the columns besides, and refuses too.
        var inspected = await Taste.RunAsync("data", "inspect", broken, "--on-bad-rows", "error", "--json");
        inspected.ExitCode.ShouldBe(2, inspected.Error);
        inspected.Json.GetProperty("error").GetString().ShouldBe("wrong-input");
        inspected.Json.GetProperty("problems")[0].GetString()!.ShouldContain("good");
        inspected.Json.GetProperty("columns").GetArrayLength().ShouldBe(3);
        inspected.Json.GetProperty("columns")[0].GetProperty("distinct").GetInt32().ShouldBe(2);
        inspected.Error.ShouldContain("good");
    }

    [Fact]
    public async Task A_failed_run_leaves_no_half_written_model()
    {
        var run = place.At("refused");
        var result = await Taste.RunAsync("train", place.Ratings, "--system", "ease", "--metrics", "ndgc", "--out", run);
        result.ExitCode.ShouldBe(2);
        Directory.Exists(Path.Combine(run, "model")).ShouldBeFalse();
    }
}
