namespace Tastemaker.Cli.Tests;

/// <summary>What a user has in the whole file is known to a run, and the model that is served learned from all of it.</summary>
public sealed class FinalFitTests(Workplace place) : IClassFixture<Workplace>
{
    private HashSet<string> ItemsOf(string user) => [.. File.ReadLines(place.Ratings).Skip(1).Select(line => line.Split(',')).Where(cells => cells[0] == user).Select(cells => cells[1])];

    [Theory]
    [InlineData("ease")]
    [InlineData("bpr-mf")]
    [InlineData("multi-vae")]
    public async Task Lists_leave_out_all_that_a_user_has_with_and_without_the_final_fit(string system)
    {
        string[] command = ["train", place.Ratings, "--system", system, "--json", .. system == "ease" ? Array.Empty<string>() : ["--set", "epochs=2"]];
        (await Taste.RunAsync([.. command, "--out", place.At($"{system}-all")])).Json.GetProperty("finalFit").GetBoolean().ShouldBeTrue();
        (await Taste.RunAsync([.. command, "--out", place.At($"{system}-part"), "--no-final-fit"])).Json.GetProperty("finalFit").GetBoolean().ShouldBeFalse();
        foreach (var run in new[] { $"{system}-all", $"{system}-part" })
        {
            var list = await Taste.RunAsync("recommend", place.At(run), "--user", "7", "-n", "20", "--json");
            list.ExitCode.ShouldBe(0, list.Error);
            list.Json.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("item").GetString()!).ShouldNotContain(item => ItemsOf("7").Contains(item));
        }
    }

    [Fact]
    public async Task Metrics_stay_those_of_the_held_out_model()
    {
        var run = place.At("measured");
        var trained = await Taste.RunAsync("train", place.Ratings, "--system", "ease", "--out", run, "--json");
        var part = await Taste.RunAsync("train", place.Ratings, "--system", "ease", "--out", place.At("measured-part"), "--no-final-fit", "--json");
        var evaluated = await Taste.RunAsync("evaluate", run, "--json");
        var value = trained.Json.GetProperty("metrics").GetProperty("ndcg@10").GetDouble();
        part.Json.GetProperty("metrics").GetProperty("ndcg@10").GetDouble().ShouldBe(value);
        evaluated.Json.GetProperty("metrics").GetProperty("ndcg@10").GetDouble().ShouldBe(value);
        Directory.Exists(Path.Combine(run, "held-out")).ShouldBeTrue();
    }

    [Fact]
    public async Task A_run_that_was_trained_without_gets_its_final_fit_from_the_same_command()
    {
        var run = place.At("later");
        await Taste.RunAsync("train", place.Ratings, "--system", "ease", "--out", run, "--no-final-fit", "--json");
        Directory.Exists(Path.Combine(run, "held-out")).ShouldBeFalse();
        await Taste.RunAsync("train", place.Ratings, "--system", "ease", "--out", run, "--json");
        Directory.Exists(Path.Combine(run, "held-out")).ShouldBeTrue();
    }

    [Fact]
    public async Task Nothing_held_out_is_trained_on_saved_and_said_and_cannot_be_measured()
    {
        var run = place.At("none");
        var trained = await Taste.RunAsync("train", place.Ratings, "--system", "ease", "--split", "none", "--out", run);
        trained.ExitCode.ShouldBe(0, trained.Error);
        trained.Output.ShouldContain("nothing was held out");
        (await Taste.RunAsync("recommend", run, "--user", "7", "--json")).Json.GetProperty("strategy").GetString().ShouldBe("model");
        var evaluated = await Taste.RunAsync("evaluate", run);
        (evaluated.ExitCode, evaluated.Error.Contains("--split none")).ShouldBe((2, true));
        var compared = await Taste.RunAsync("compare", place.Ratings, "--systems", "ease", "--split", "none", "--out", place.At("none-compared"));
        (compared.ExitCode, compared.Error.Contains("holds nothing out")).ShouldBe((2, true));
    }
}
