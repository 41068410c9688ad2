using Tastemaker.Catalog;

namespace Tastemaker.Cli.Tests;

public sealed class InformationTests(Workplace place) : IClassFixture<Workplace>
{
    [Fact]
    public async Task Doctor_finds_a_working_installation()
    {
        var result = await Taste.RunAsync("doctor", "--json");
        result.ExitCode.ShouldBe(0, result.Output);
        result.Json.EnumerateArray().Select(finding => finding.GetProperty("check").GetString()).ShouldContain("libtorch");
    }

    [Fact]
    public async Task Models_lists_the_whole_catalog_and_every_system_has_a_page()
    {
        var all = await Taste.RunAsync("models", "--json");
        all.Json.EnumerateArray().Select(system => system.GetProperty("id").GetString()).ShouldBe(SystemCatalog.Systems.Select(system => system.Id));
        foreach (var system in SystemCatalog.Systems)
        {
            var page = await Taste.RunAsync("models", system.Id);
            page.ExitCode.ShouldBe(0, page.Error);
            page.Output.ShouldContain("Paper:");
        }
    }

    [Fact]
    public async Task Every_option_of_every_system_says_what_it_means()
    {
        foreach (var system in SystemCatalog.Systems)
        {
            var page = await Taste.RunAsync("models", system.Id, "--json");
            foreach (var option in page.Json.GetProperty("options").EnumerateArray())
            {
                option.GetProperty("description").GetString().ShouldNotBeNullOrWhiteSpace($"{system.Id} {option.GetProperty("name")}");
            }
        }
    }

    [Theory]
    [InlineData("demo")]
    [InlineData("doctor")]
    [InlineData("models")]
    [InlineData("data inspect")]
    [InlineData("data import")]
    [InlineData("data split")]
    [InlineData("data fetch")]
    [InlineData("train")]
    [InlineData("evaluate")]
    [InlineData("tune")]
    [InlineData("compare")]
    [InlineData("recommend")]
    [InlineData("similar")]
    [InlineData("reproduce")]
    public async Task Help_ends_with_examples(string command)
    {
        var result = await Taste.RunAsync([.. command.Split(' '), "--help"]);
        result.ExitCode.ShouldBe(0);
        result.Output.ShouldContain("Examples:");
        result.Output.ShouldContain($"taste {command}");
    }

    [Fact]
    public async Task Options_of_a_run_stand_under_titles_each_once()
    {
        var help = (await Taste.RunAsync("compare", "--help")).Output.ReplaceLineEndings("\n");

        var titles = new[] { "Options:", "Data:", "Split:", "Training:", "Evaluation:", "Examples:" };
        var places = titles.Select(title => help.IndexOf($"\n{title}\n", StringComparison.Ordinal)).ToArray();
        places.ShouldBeInOrder();
        places[0].ShouldBeGreaterThan(0);
        string Section(int title) => help[places[title]..places[title + 1]];
        Section(0).ShouldContain("--systems <systems>");
        Section(1).ShouldContain("\n  --item-column <");
        Section(2).ShouldContain("\n  --split <");
        Section(3).ShouldContain("\n  --patience <");
        Section(4).ShouldContain("\n  --metrics <");
        var options = help.Split('\n').Where(line => line.StartsWith("  -", StringComparison.Ordinal)).Select(line => line.Split("  ", StringSplitOptions.RemoveEmptyEntries)[0]).ToList();
        options.Distinct().Count().ShouldBe(options.Count);
        options.Count.ShouldBeGreaterThan(50);
    }

    [Fact]
    public async Task Help_is_free_of_ids_in_the_command_column_and_of_words_of_the_code()
    {
        (await Taste.RunAsync("--help")).Output.ShouldMatch(@"(?m)^  models <id> {2,}List the systems");
        (await Taste.RunAsync("compare", "--help")).Output.ShouldNotContain("MetricCatalog");
    }

    [Fact]
    public async Task The_page_of_a_system_lists_the_values_of_its_choices() =>
        (await Taste.RunAsync("models", "gru4rec")).Output.ShouldContain("cross-entropy, bpr-max, top1-max, bpr, top1");

    [Fact]
    public async Task Inspect_tells_counts_and_a_memory_plan()
    {
        var result = await Taste.RunAsync("data", "inspect", place.Ratings, "--json");
        result.ExitCode.ShouldBe(0, result.Error);
        result.Json.GetProperty("users").GetInt32().ShouldBe(60);
        result.Json.GetProperty("items").GetInt32().ShouldBe(40);
        result.Json.GetProperty("memory").GetProperty("estimates").GetArrayLength().ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task An_imported_folder_is_the_data_it_was_made_from()
    {
        var imported = await Taste.RunAsync("data", "import", place.Ratings, "--out", place.At("prepared"), "--json");
        imported.ExitCode.ShouldBe(0, imported.Error);
        var original = await Taste.RunAsync("data", "inspect", place.Ratings, "--json");
        var prepared = await Taste.RunAsync("data", "inspect", place.At("prepared"), "--json");
        prepared.Json.GetProperty("fingerprint").GetString().ShouldBe(original.Json.GetProperty("fingerprint").GetString());
    }

    [Fact]
    public async Task The_written_parts_of_a_split_are_the_data()
    {
        var parts = place.At("parts");
        var split = await Taste.RunAsync("data", "split", place.Ratings, "--split", "random", "--out", parts, "--json");
        split.ExitCode.ShouldBe(0, split.Error);
        var written = new[] { "train.csv", "validation.csv", "test.csv" }.SelectMany(name => File.ReadLines(Path.Combine(parts, name)).Skip(1));
        written.Count().ShouldBe(File.ReadLines(place.Ratings).Count() - 1);
    }

    [Fact]
    public async Task Labels_can_be_named_on_the_command_line()
    {
        var clicks = place.Write("clicks.csv", ["hour,device,clicked", .. Enumerable.Range(0, 20).Select(row => $"{row % 7},phone,{row % 4 / 3}")]);
        string[] named = [clicks, "--label-column", "clicked", "--user-column", "none", "--item-column", "none", "--json"];

        var inspected = await Taste.RunAsync(["data", "inspect", .. named]);
        inspected.ExitCode.ShouldBe(0, inspected.Error);
        inspected.Json.GetProperty("positiveShare").GetDouble().ShouldBe(0.25);
        inspected.Json.GetProperty("features").GetArrayLength().ShouldBe(2);

        var split = await Taste.RunAsync(["data", "split", .. named, "--split", "random(test=0.2,validation=0)", "--out", place.At("clicks")]);
        split.ExitCode.ShouldBe(0, split.Error);
        (split.Json.GetProperty("train").GetInt32(), split.Json.GetProperty("test").GetInt32()).ShouldBe((16, 4));
        var positives = split.Json.GetProperty("positives");
        (positives.GetProperty("train").GetInt32() + positives.GetProperty("test").GetInt32()).ShouldBe(5);
        File.ReadLines(Path.Combine(place.At("clicks"), "test.csv")).Count(line => line == "user,item,label").ShouldBe(1);
        File.ReadLines(Path.Combine(place.At("clicks"), "test.csv")).Count().ShouldBe(5);
    }

    [Fact]
    public async Task Text_columns_are_listed_among_the_fields_and_read_where_they_are_named()
    {
        string[] command = ["data", "fields", place.Ratings, "--item-file", place.Films, "--json"];
        var all = await Taste.RunAsync(command);
        all.ExitCode.ShouldBe(0, all.Error);
        all.Json.EnumerateArray().Select(field => $"{field.GetProperty("name")} {field.GetProperty("kind")} {field.GetProperty("indexes")}").ShouldBe(["user category 61", "item category 41", "item.title text 0"]);

        var named = await Taste.RunAsync([.. command, "--field", "title(words=30,stop-words=english,weighting=tf-idf)"]);
        named.ExitCode.ShouldBe(0, named.Error);
        named.Json.EnumerateArray().Single().GetProperty("description").GetString()!.ShouldEndWith("text, 30 words, by tf-idf, without English stop words");
    }

    [Fact]
    public async Task Files_can_be_queried_from_the_command_line()
    {
        var result = await Taste.RunAsync("data", "inspect", "duckdb:", "--query", $"SELECT userId, movieId, rating >= 4 AS liked FROM '{place.Ratings}'", "--label-column", "liked", "--json");
        result.ExitCode.ShouldBe(0, result.Error);
        result.Json.GetProperty("users").GetInt32().ShouldBe(60);
    }
}
