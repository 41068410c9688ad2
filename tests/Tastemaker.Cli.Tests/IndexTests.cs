namespace Tastemaker.Cli.Tests;

public sealed class IndexTests(Workplace place) : IClassFixture<Workplace>
{
    private static IEnumerable<string?> Items(Taste answer) => answer.Json.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("item").GetString());

    [Fact]
    public async Task An_index_is_measured_and_kept_beside_the_model_and_used_until_told_otherwise()
    {
        var run = place.At("run-index");
        await Taste.RunAsync("train", place.Ratings, "--system", "bpr-mf", "--set", "epochs=3", "--out", run, "--json");
        var built = await Taste.RunAsync("index", run, "--lists", "4", "--probes", "4", "--depth", "10", "--seconds", "0.01", "--json");
        built.ExitCode.ShouldBe(0, built.Error);
        built.Json.GetProperty("recall").GetDouble().ShouldBe(1);
        built.Json.GetProperty("items").GetInt32().ShouldBe(40);
        File.Exists(Path.Combine(run, "model", "index.safetensors")).ShouldBeTrue();

        var found = await Taste.RunAsync("recommend", run, "--user", "2", "-n", "3", "--json");
        found.Error.ShouldContain("4 of 4 lists");
        var ranked = await Taste.RunAsync("recommend", run, "--user", "2", "-n", "3", "--exact", "--json");
        ranked.Error.ShouldNotContain("lists");
        Items(found).ShouldBe(Items(ranked));
    }

    [Fact]
    public async Task An_index_of_another_training_is_refused_and_exact_ranking_still_answers()
    {
        var (one, other) = (place.At("run-one"), place.At("run-other"));
        foreach (var (run, seed) in new[] { (one, "1"), (other, "2") })
        {
            await Taste.RunAsync("train", place.Ratings, "--system", "bpr-mf", "--set", "epochs=1", "--seed", seed, "--out", run, "--json");
        }

        await Taste.RunAsync("index", one, "--seconds", "0.01", "--json");
        File.Copy(Path.Combine(one, "model", "index.safetensors"), Path.Combine(other, "model", "index.safetensors"));
        var refused = await Taste.RunAsync("recommend", other, "--user", "2", "--json");
        refused.ExitCode.ShouldBe(2);
        refused.Error.ShouldContain("Build it again");
        (await Taste.RunAsync("recommend", other, "--user", "2", "--exact", "--json")).ExitCode.ShouldBe(0);
    }

    [Fact]
    public async Task A_system_without_vectors_and_options_out_of_range_are_refused()
    {
        var run = place.At("run-no-vectors");
        await Taste.RunAsync("train", place.Ratings, "--system", "ease", "--out", run, "--json");
        var refused = await Taste.RunAsync("index", run, "--json");
        refused.ExitCode.ShouldBe(2);
        refused.Error.ShouldContain("inner products");
        (await Taste.RunAsync("index", run, "--aimed-recall", "7", "--json")).Error.ShouldContain("aimed-recall");
    }
}
