namespace Tastemaker.Cli.Tests;

public sealed class TrainingTests(Workplace place) : IClassFixture<Workplace>
{
    [Fact]
    public async Task A_file_becomes_a_measured_and_saved_recommender_that_answers()
    {
        var run = place.At("run-ease");
        var trained = await Taste.RunAsync("train", place.Ratings, "--item-file", place.Films, "--system", "ease", "--out", run, "--json");
        trained.ExitCode.ShouldBe(0, trained.Error);
        trained.Json.GetProperty("metrics").GetProperty("ndcg@10").GetDouble().ShouldBeGreaterThan(0.3);

        var known = await Taste.RunAsync("recommend", run, "--user", "2", "-n", "5", "--json");
        known.Json.GetProperty("strategy").GetString().ShouldBe("model");
        known.Json.GetProperty("items").EnumerateArray().Select(item => int.Parse(item.GetProperty("item").GetString()!) % 2).ShouldAllBe(parity => parity == 0);

        var stranger = await Taste.RunAsync("recommend", run, "--history", "3, 5, 7", "-n", "4", "--json");
        stranger.Json.GetProperty("strategy").GetString().ShouldBe("fold-in");
        stranger.Json.GetProperty("items").GetArrayLength().ShouldBe(4);

        var alike = await Taste.RunAsync("similar", run, "4", "-n", "3", "--json");
        alike.Json.GetProperty("items").GetArrayLength().ShouldBe(3);
    }

    [Fact]
    public async Task Evaluating_a_saved_run_gives_the_figures_of_its_training_and_others_on_request()
    {
        var run = place.At("run-ials");
        var trained = await Taste.RunAsync("train", place.Ratings, "--system", "ials", "--set", "dimension=4", "--out", run, "--json");
        var again = await Taste.RunAsync("evaluate", run, "--json");
        again.Json.GetProperty("metrics").GetProperty("ndcg@10").GetDouble().ShouldBe(trained.Json.GetProperty("metrics").GetProperty("ndcg@10").GetDouble());
        var other = await Taste.RunAsync("evaluate", run, "--cutoffs", "3", "--metrics", "recall", "--json");
        other.Json.GetProperty("metrics").EnumerateObject().Select(metric => metric.Name).ShouldBe(["recall@3"]);

        var sliced = await Taste.RunAsync("evaluate", run, "--slice", "user-activity", "--json");
        var groups = sliced.Json.GetProperty("slices")[0].GetProperty("groups").EnumerateArray().ToList();
        groups.Sum(group => group.GetProperty("count").GetInt32()).ShouldBe(sliced.Json.GetProperty("requests").GetInt32());
        (await Taste.RunAsync("evaluate", run, "--slice", "user-activity")).Output.ShouldContain("user-activity");
    }

    [Fact]
    public async Task Training_again_into_a_completed_run_reads_it_back()
    {
        string[] command = ["train", place.Ratings, "--system", "bpr-mf", "--set", "epochs=3", "--out", place.At("run-bpr"), "--json"];
        var first = await Taste.RunAsync(command);
        var written = File.GetLastWriteTimeUtc(Path.Combine(place.At("run-bpr"), "run.json"));
        var second = await Taste.RunAsync(command);
        second.Output.ShouldBe(first.Output);
        File.GetLastWriteTimeUtc(Path.Combine(place.At("run-bpr"), "run.json")).ShouldBe(written);
    }

    [Fact]
    public async Task A_file_of_requests_becomes_a_file_of_lists()
    {
        var run = place.At("run-knn");
        await Taste.RunAsync("train", place.Ratings, "--system", "item-knn", "--out", run, "--json");
        var requests = place.Write("requests.csv", "user,history", "1,", ",2|4|6", "nobody,");
        var answered = await Taste.RunAsync("recommend", run, "--requests", requests, "--out", place.At("lists.csv"), "-n", "3", "--json");
        answered.ExitCode.ShouldBe(0, answered.Error);
        var lines = File.ReadAllLines(place.At("lists.csv"));
        lines.Length.ShouldBe(1 + (3 * 3));
        lines[1].ShouldStartWith("1,1,1,");
        lines[^1].ShouldEndWith("popularity");
        Directory.EnumerateFiles(place.Folder, "*.duckdb*").ShouldBeEmpty();
    }

    [Fact]
    public async Task A_comparison_ranks_systems_and_writes_a_report_that_needs_nothing_else()
    {
        var compared = await Taste.RunAsync("compare", place.Ratings, "--systems", "ease,popularity", "--no-baselines", "--out", place.At("compare"), "--json");
        compared.ExitCode.ShouldBe(0, compared.Error);
        compared.Json.GetProperty("rows")[0].GetProperty("system").GetString().ShouldBe("ease");
        var page = File.ReadAllText(place.At(Path.Combine("compare", "report.html")));
        page.ShouldContain("popularity");
        page.ShouldNotContain("src=\"http");
        new FileInfo(place.At(Path.Combine("compare", "leaderboard.png"))).Length.ShouldBeGreaterThan(1000);
    }

    [Fact]
    public async Task A_tuned_comparison_gives_every_system_the_same_budget_says_what_was_chosen_and_goes_on_where_it_stopped()
    {
        string[] command = ["compare", place.Ratings, "--systems", "ease,item-knn,popularity", "--no-baselines", "--tune", "3", "--out", place.At("tuned"), "--json"];
        var compared = await Taste.RunAsync(command);
        compared.ExitCode.ShouldBe(0, compared.Error);

        var notes = compared.Json.GetProperty("notes").EnumerateArray().Select(note => note.GetString()!).ToList();
        notes.ShouldContain(note => note.StartsWith("ease: Chosen on the validation part from 3 settings: ", StringComparison.Ordinal));
        notes.ShouldContain(note => note.StartsWith("item-knn: Chosen on the validation part from 3 settings: ", StringComparison.Ordinal));
        var journals = Directory.GetFiles(place.At("tuned"), "journal.jsonl", SearchOption.AllDirectories);
        journals.Where(file => !file.Contains("popularity", StringComparison.Ordinal)).ShouldAllBe(file => File.ReadLines(file).Count(line => line.Contains("\"event\":\"result\"", StringComparison.Ordinal)) == 3);

        var again = await Taste.RunAsync(command);
        again.Json.GetProperty("rows").GetRawText().ShouldBe(compared.Json.GetProperty("rows").GetRawText());
        again.Error.ShouldNotContain("trial 2:");
    }

    [Fact]
    public async Task A_comparison_is_tuned_on_a_validation_part_alone()
    {
        var refused = await Taste.RunAsync("compare", place.Ratings, "--systems", "ease,popularity", "--no-baselines", "--tune", "3", "--split", "ratio-by-user(test=0.2,validation=0)", "--out", place.At("no"));
        refused.ExitCode.ShouldNotBe(0);
        refused.Error.ShouldContain("--tune needs a validation part");
    }

    [Fact]
    public async Task The_effective_configuration_names_where_values_come_from_and_reads_back()
    {
        var config = place.Write("run.yaml", "system: neumf", "options:", "  epochs: 7", $"data: {{ paths: ['{place.Ratings}'] }}");
        var shown = await Taste.RunAsync("train", "--config", config, "--set", "learning-rate=0.01", "--show");
        shown.ExitCode.ShouldBe(0, shown.Error);
        shown.Output.ShouldContain("epochs: 7");
        shown.Output.ShouldContain("run.yaml:3");
        shown.Output.ShouldContain("--set learning-rate=0.01");
        var again = await Taste.RunAsync("train", "--config", place.Write("effective.yaml", shown.Output.Split('\n')), "--show", "--json");
        again.ExitCode.ShouldBe(0, again.Error);
        again.Json.GetProperty("options").GetProperty("learning-rate").GetDouble().ShouldBe(0.01);
    }

    [Fact]
    public async Task A_recipe_is_run_once_and_its_page_is_written_from_the_runs()
    {
        var recipe = place.Write(
            "tiny.yaml",
            "title: Tiny",
            $"data: {{ paths: ['{place.Ratings}'] }}",
            "split: hash(validation=none)",
            "systems:",
            "  - system: popularity",
            "    reference: { ndcg@10: 0.5, source: somewhere }",
            "  - system: ease");
        string[] command = ["reproduce", recipe, "--out", place.At("recipes"), "--page", place.At("results.md"), "--json"];
        var first = await Taste.RunAsync(command);
        first.ExitCode.ShouldBe(0, first.Error);
        var page = File.ReadAllText(place.At("results.md"));
        page.ShouldContain("Tiny");
        page.ShouldContain("somewhere");
        (await Taste.RunAsync(command)).Output.ShouldBe(first.Output);
        File.ReadAllText(place.At("results.md")).ShouldBe(page);
    }

    [Fact]
    public async Task A_recipe_runs_the_entries_that_are_named_and_says_what_there_is()
    {
        var recipe = place.Write(
            "some.yaml", $"data: {{ paths: ['{place.Ratings}'] }}", "split: hash(validation=none)", "evaluation: { metrics: [ndcg], cutoffs: [10] }", "systems:", "  - { system: popularity }", "  - { system: ease, label: linear }");

        var some = await Taste.RunAsync("reproduce", recipe, "--only", "linear", "--out", place.At("some"), "--json");
        var wrong = await Taste.RunAsync("reproduce", recipe, "--only", "linaer", "--out", place.At("some"), "--json");

        some.ExitCode.ShouldBe(0, some.Error);
        some.Json.EnumerateArray().Select(entry => entry.GetProperty("seeds").GetInt32()).ShouldBe([0, 1]);
        wrong.ExitCode.ShouldBe(2);
        wrong.Error.ShouldContain("Did you mean 'linear'?");
    }

    [Fact]
    public async Task An_edited_recipe_is_run_anew_and_its_earlier_run_is_kept()
    {
        string Recipe(double regularization) => place.Write(
            "edited.yaml", $"data: {{ paths: ['{place.Ratings}'] }}", "split: hash(validation=none)", "systems:", $"  - {{ system: ease, options: {{ regularization: {regularization} }} }}");
        var first = await Taste.RunAsync("reproduce", Recipe(10), "--out", place.At("edited"), "--json");
        var second = await Taste.RunAsync("reproduce", Recipe(5000), "--out", place.At("edited"), "--json");
        second.ExitCode.ShouldBe(0, second.Error);
        second.Output.ShouldNotBe(first.Output);
        Directory.GetDirectories(place.At(Path.Combine("edited", "edited", "ease"))).Length.ShouldBe(2);
    }
}
