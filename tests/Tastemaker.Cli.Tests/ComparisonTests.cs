namespace Tastemaker.Cli.Tests;

public sealed class ComparisonTests : IDisposable
{
    private readonly Workplace place = new();

    public void Dispose() => place.Dispose();

    [Fact]
    public async Task A_setting_that_names_no_system_is_for_those_that_have_the_option_and_a_note_names_the_others()
    {
        var compared = await Taste.RunAsync("compare", place.Ratings, "--systems", "ials", "--set", "dimension=3", "--set", "options.epochs=2", "--out", place.At("some"), "--json");

        compared.ExitCode.ShouldBe(0, compared.Error);
        var notes = compared.Json.GetProperty("notes").EnumerateArray().Select(note => note.GetString()!).ToList();
        notes.Single(note => note.StartsWith("--set dimension=3 ", StringComparison.Ordinal)).ShouldMatch("is not for .*ease.*, which have no such option");
        notes.Single(note => note.StartsWith("--set options.epochs=2 ", StringComparison.Ordinal)).ShouldNotContain("ials");
        File.ReadAllText(Directory.GetFiles(Directory.GetDirectories(place.At("some"), "ials-*").Single(), "*.yaml").Single()).ShouldContain("dimension: 3");
    }

    [Fact]
    public async Task A_setting_that_no_compared_system_has_is_refused()
    {
        var refused = await Taste.RunAsync("compare", place.Ratings, "--systems", "ease,popularity", "--no-baselines", "--set", "dimension=16", "--out", place.At("none"));

        refused.ExitCode.ShouldBe(2);
        refused.Error.ShouldContain("has an option 'dimension'");
        Directory.Exists(place.At("none")).ShouldBeFalse();
    }

    [Fact]
    public async Task A_system_that_diverges_is_a_row_with_its_reason_and_the_rest_is_reported_with_exit_code_1()
    {
        string[] command =
        [
            "compare", place.Ratings, "--systems", "biased-mf,ease,popularity", "--no-baselines", "--set", "biased-mf.learning-rate=10", "--out", place.At("compare"),
        ];

        var people = await Taste.RunAsync(command);
        people.ExitCode.ShouldBe(1, people.Error);
        people.Error.ShouldContain("biased-mf failed: ");
        people.Output.ShouldMatch(@"biased-mf +failed +–");
        people.Output.ShouldMatch(@"ease +0\.\d{4} \[0\.\d{3}, 0\.\d{3}\]");
        people.Output.ShouldContain("biased-mf failed: BiasedMF gave a score that is not a number");
        people.Output.TrimEnd().ReplaceLineEndings(" ").ShouldMatch("Verdict: ease is best on ndcg@10: .*biased-mf failed, so this says nothing of it\\.$");

        var json = await Taste.RunAsync([.. command, "--json"]);
        json.ExitCode.ShouldBe(1, json.Error);
        json.Error.ShouldNotContain("ease: epoch"); // finished runs are kept
        json.Json.GetProperty("failed")[0].GetProperty("system").GetString().ShouldBe("biased-mf");
        json.Json.GetProperty("rows").GetArrayLength().ShouldBe(2);
        var best = json.Json.GetProperty("rows")[0];
        best.GetProperty("system").GetString().ShouldBe("ease");
        best.GetProperty("modelBytes").GetInt64().ShouldBe(SizeOf(Directory.GetDirectories(place.At("compare"), "ease-*").Single()));
        best.GetProperty("trainingSeconds").GetDouble().ShouldBeGreaterThan(0);
        best.GetProperty("scoringMilliseconds").GetDouble().ShouldBeGreaterThan(0);
        var verdict = json.Json.GetProperty("verdict");
        verdict.GetProperty("best").GetString().ShouldBe("ease");
        verdict.GetProperty("notAbovePopularity").GetArrayLength().ShouldBe(0);

        var page = File.ReadAllText(place.At(Path.Combine("compare", "report.html")));
        page.ShouldContain("failed: BiasedMF gave a score");
        page.ShouldContain("<section id=\"verdict\"");
    }

    [Fact]
    public async Task Rating_predictors_are_tested_on_their_errors_and_baselines_that_only_rank_are_left_out_with_a_note()
    {
        var compared = await Taste.RunAsync(
            "compare", place.Ratings, "--systems", "biased-mf,svd++", "--metric", "rmse", "--metrics", "rmse,mae,ndcg,recall@5", "--out", place.At("ratings"));

        compared.ExitCode.ShouldBe(0, compared.Error);
        compared.Output.ShouldMatch(@"system +rmse \[95 %\] +mae +ndcg@10 +ndcg@20 +recall@5 +training +per request +model");
        compared.Output.ShouldMatch(@"(biased-mf|svd\+\+) is .*, corrected p ");
        compared.Output.ShouldNotContain("so no test");
        compared.Output.ShouldContain("is best on rmse, where lower is better: ");
        compared.Output.ReplaceLineEndings(" ").ShouldContain("The baseline popularity is left out: 'rmse' needs predicted values");
    }

    [Fact]
    public async Task All_unsuitable_systems_are_named_with_their_reasons_before_the_first_trains()
    {
        var ratings = place.Write("fine.csv", [.. File.ReadLines(place.Ratings).Select((line, row) => row == 0 ? line : Finer(line, row))]);

        var refused = await Taste.RunAsync(
            "compare", ratings, "--systems", "ease,i-rbm-cf,u-cf-nade,neumf", "--split", "strong-generalization", "--out", place.At("none"));

        refused.ExitCode.ShouldBe(2);
        foreach (var id in new[] { "i-rbm-cf", "u-cf-nade", "neumf" })
        {
            refused.Error.ShouldContain($"error: {id}: ");
        }

        refused.Error.ShouldNotContain("The system");
        Directory.Exists(place.At("none")).ShouldBeFalse();
    }

    [Fact]
    public async Task A_default_table_says_which_columns_are_not_shown_and_json_has_them()
    {
        string[] command = ["compare", place.Ratings, "--systems", "ease,popularity", "--no-baselines", "--out", place.At("compare")];
        var people = await Taste.RunAsync(command);
        people.Output.ReplaceLineEndings(" ").ShouldContain("Not shown: recall@20, ");
        var json = await Taste.RunAsync([.. command, "--json"]);
        json.Json.GetProperty("rows")[0].GetProperty("cells").EnumerateObject().Select(cell => cell.Name).ShouldContain("recall@20");
    }

    [Fact]
    public async Task Slices_show_the_main_metric_first_and_every_metric_that_was_named()
    {
        (await Taste.RunAsync("train", place.Ratings, "--system", "ease", "--out", place.At("run"))).ExitCode.ShouldBe(0);

        var usual = await Taste.RunAsync("evaluate", place.At("run"), "--slice", "user-activity");
        usual.Output.ShouldMatch(@"user-activity +count +ndcg@10 +recall@10 ");
        usual.Output.ShouldContain("Not shown: ");

        var named = await Taste.RunAsync("evaluate", place.At("run"), "--slice", "user-activity", "--metrics", "recall,ndcg,hr@3");
        named.Output.ShouldMatch(@"user-activity +count +ndcg@10 +recall@10 +recall@20 +ndcg@20 +hr@3 ");
        named.Output.ShouldNotContain("Not shown: ");
    }

    private static string Finer(string line, int row)
    {
        var cells = line.Split(',');
        cells[2] = FormattableString.Invariant($"{1 + (row % 37 / 10.0)}");
        return string.Join(',', cells);
    }

    private static long SizeOf(string run) =>
        new DirectoryInfo(Path.Combine(run, "model")).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length);
}
