namespace Tastemaker.Cli.Tests;

public sealed class TuningTests(Workplace place) : IClassFixture<Workplace>
{
    private string[] Command(string folder, params string[] more) =>
    [
        "tune", place.Ratings, "--system", "bpr-mf", "--search", "learning-rate=1e-3..1e-1:log", "--search", "dimension=2,8", "--fix", "candidates=1", "--set", "epochs=4",
        "--set", "regularization=0.01", "--trials", "4", "--startup", "2", "--out", place.At(folder), "--json", .. more,
    ];

    [Fact]
    public async Task A_search_ends_with_a_tested_setting_a_report_a_page_and_a_recipe_that_runs()
    {
        var page = place.At(Path.Combine("docs", "studies.md"));
        Directory.CreateDirectory(Path.GetDirectoryName(page)!);
        var tuned = await Taste.RunAsync(Command("tuned", "--title", "Tiny study", "--page", page));
        tuned.ExitCode.ShouldBe(0, tuned.Error);
        tuned.Json.GetProperty("trials").GetInt32().ShouldBe(4);
        tuned.Json.GetProperty("best").GetProperty("validation").GetDouble().ShouldBeGreaterThanOrEqualTo(tuned.Json.GetProperty("default").GetProperty("validation").GetDouble());
        tuned.Error.ShouldContain("trial 3: ndcg@10");
        File.ReadAllText(place.At(Path.Combine("tuned", "report.html"))).ShouldNotContain("src=\"http");
        File.ReadAllText(page).ShouldContain("## Tiny study");
        File.ReadAllText(page).ShouldContain("--fix candidates=1");
        File.Exists(Path.Combine(Path.GetDirectoryName(page)!, "images", "tuning-tiny-study.png")).ShouldBeTrue();

        var reproduced = await Taste.RunAsync("reproduce", place.At(Path.Combine("tuned", "best.yaml")), "--out", place.At("recipes"), "--json");
        reproduced.ExitCode.ShouldBe(0, reproduced.Error);
        var shown = await Taste.RunAsync("train", "--config", place.At(Path.Combine("tuned", "settings.yaml")), "--show", "--json");
        shown.ExitCode.ShouldBe(0, shown.Error);
        shown.Json.GetProperty("options").GetProperty("epochs").GetInt32().ShouldBe(4);
    }

    [Fact]
    public async Task Trials_in_processes_of_their_own_give_the_figures_of_a_sequential_search()
    {
        string[] grid = ["--sampler", "grid", "--only", "--search", "learning-rate=0.01,0.05"];
        string[] Grid(string folder, params string[] more) =>
            ["tune", place.Ratings, "--system", "bpr-mf", "--set", "epochs=3", "--trials", "3", "--out", place.At(folder), "--json", .. grid, .. more];
        var alone = await Taste.RunAsync(Grid("alone", "--threads", "1"));
        var beside = await Taste.RunAsync(Grid("beside", "--parallel", "2", "--threads", "2"));
        beside.ExitCode.ShouldBe(0, beside.Error);
        beside.Json.GetProperty("best").ToString().ShouldBe(alone.Json.GetProperty("best").ToString());
        Metrics("beside").ShouldBe(Metrics("alone"));

        IEnumerable<string> Metrics(string folder) => File.ReadLines(place.At(Path.Combine(folder, "journal.jsonl")))
            .Where(line => line.Contains("\"result\"", StringComparison.Ordinal)).Select(line => line[line.IndexOf("\"trial\"", StringComparison.Ordinal)..line.IndexOf(",\"best-epoch\"", StringComparison.Ordinal)]).Order();
    }

    [Fact]
    public async Task A_study_is_a_file_and_the_command_line_is_stronger()
    {
        var study = place.Write(
            "study.yaml",
            "system: ease",
            $"data: {{ paths: ['{place.Ratings}'] }}",
            "tuning:",
            "  title: From a file",
            "  trials: 50",
            "  sampler: grid",
            "  only: true",
            "  search: ['regularization=1,10,100']");
        var tuned = await Taste.RunAsync("tune", "--config", study, "--trials", "2", "--out", place.At("study"), "--json");
        tuned.ExitCode.ShouldBe(0, tuned.Error);
        tuned.Json.GetProperty("title").GetString().ShouldBe("From a file");
        tuned.Json.GetProperty("trials").GetInt32().ShouldBe(2);
    }

    [Theory]
    [InlineData("--search lerning-rate=1..2", "'learning-rate'")]
    [InlineData("--search learning-rate=0.1..0.01", "smaller first")]
    [InlineData("--sampler tpee", "'tpe'")]
    [InlineData("--fix dimensoin=3", "'dimension'")]
    [InlineData("--split leave-one-out(validation=no)", "no validation part")]
    [InlineData("--time soon", "--time soon")]
    [InlineData("--halving --set epochs=2", "too few for two rungs")]
    [InlineData("--metric coverage", "describes lists")]
    public async Task Wrong_searches_are_named_with_a_remedy(string words, string expected)
    {
        var result = await Taste.RunAsync(["tune", place.Ratings, "--system", "bpr-mf", "--out", place.At("refused"), .. words.Split(' ')]);
        result.ExitCode.ShouldBe(2, result.Error);
        result.Error.ReplaceLineEndings(" ").ShouldContain(expected);
        Directory.Exists(place.At("refused")).ShouldBeFalse();
    }
}
