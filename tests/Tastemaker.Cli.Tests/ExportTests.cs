namespace Tastemaker.Cli.Tests;

public sealed class ExportTests(Workplace place) : IClassFixture<Workplace>
{
    private static IEnumerable<string?> Items(Taste answer) => answer.Json.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("item").GetString());

    [Fact]
    public async Task A_run_is_exported_and_its_file_recommends_and_measures_as_the_run_does()
    {
        var (run, file) = (place.At("run-export"), place.At("model.onnx"));
        await Taste.RunAsync("train", place.Ratings, "--system", "ease", "--out", run, "--json");
        var exported = await Taste.RunAsync("export", run, "-o", file, "--json");
        exported.ExitCode.ShouldBe(0, exported.Error);
        exported.Json.GetProperty("largestDifference").GetDouble().ShouldBeLessThanOrEqualTo(1e-5);
        exported.Json.GetProperty("inputs")[0].GetString().ShouldBe("history");

        Items(await Taste.RunAsync("recommend", file, "--history", "2,4", "-n", "5", "--json")).ShouldBe(Items(await Taste.RunAsync("recommend", run, "--history", "2,4", "-n", "5", "--json")));
        // The exported model was fit on all data and is not measured on some of it.
        var refused = await Taste.RunAsync("evaluate", run, "--model", file);
        (refused.ExitCode, refused.Error.Contains("--held-out")).ShouldBe((2, true));
        (await Taste.RunAsync("export", run, "-o", file, "--held-out", "--json")).ExitCode.ShouldBe(0);
        var (ours, theirs) = (await Taste.RunAsync("evaluate", run, "--json"), await Taste.RunAsync("evaluate", run, "--model", file, "--json"));
        theirs.ExitCode.ShouldBe(0, theirs.Error);
        theirs.Json.GetProperty("metrics").ToString().ShouldBe(ours.Json.GetProperty("metrics").ToString());

        var again = await Taste.RunAsync("export", file, "-o", place.At("again.onnx"));
        again.ExitCode.ShouldBe(2);
        again.Error.ShouldContain("exported already");
    }

    [Fact]
    public async Task What_cannot_be_exported_or_read_exits_with_2_and_a_remedy()
    {
        var (run, file) = (place.At("run-user-knn"), place.At("none.onnx"));
        await Taste.RunAsync("train", place.Ratings, "--system", "user-knn", "--out", run, "--json");
        var refused = await Taste.RunAsync("export", run, "-o", file, "--onnx");
        refused.ExitCode.ShouldBe(2);
        refused.Error.ReplaceLineEndings(" ").ShouldContain("Systems that can be are: popularity");
        File.Exists(file).ShouldBeFalse();

        (await Taste.RunAsync("recommend", file, "--user", "2")).ExitCode.ShouldBe(2);
        (await Taste.RunAsync("export", place.At("nowhere"), "-o", file)).Error.ShouldContain("no trained model");
        place.Write("broken.onnx", "not a model");
        var broken = await Taste.RunAsync("recommend", place.At("broken.onnx"), "--user", "2");
        broken.ExitCode.ShouldBe(2);
        broken.Error.ReplaceLineEndings(" ").ShouldContain("not a whole model");
    }
}
