using Tastemaker.Serving.Events;

namespace Tastemaker.Cli.Tests;

/// <summary>No command destroys what it reads, or replaces what it did not write.</summary>
public sealed class OutputTests(Workplace place) : IClassFixture<Workplace>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private async Task<string> RunAsync()
    {
        var run = place.At("model");
        (await Taste.RunAsync("train", place.Ratings, "--system", "popularity", "--out", run, "--json")).ExitCode.ShouldBe(0);
        return run;
    }

    private async Task<string> StoreAsync(string name)
    {
        await using var store = EventStores.Open(place.At(name));
        await store.AppendAsync([new("ann", "1"), new("bob", "2")], null, Cancellation);
        return place.At(name);
    }

    private static async Task RefusedAsync(string expected, string kept, params string[] command)
    {
        var before = await File.ReadAllBytesAsync(kept, Cancellation);
        var result = await Taste.RunAsync(command);
        result.ExitCode.ShouldBe(2, result.Output);
        result.Error.ShouldContain(expected);
        (await File.ReadAllBytesAsync(kept, Cancellation)).ShouldBe(before);
    }

    [Fact]
    public async Task A_store_is_never_exported_over_itself_whatever_its_name_and_whatever_is_said()
    {
        var store = await StoreAsync("own.parquet");
        await RefusedAsync("this command reads", store, "store", "export", store, "--out", store, "--overwrite");
        await RefusedAsync("this command reads", store, "store", "export", store, "--out", place.At("model/../own.parquet"), "--overwrite");
        var link = place.At("link.parquet");
        File.CreateSymbolicLink(link, store);
        await RefusedAsync("this command reads", store, "store", "export", store, "--out", link, "--overwrite");
        await RefusedAsync("would be replaced", store, "store", "import", store, "--store", store);

        await using var opened = EventStores.Open(store);
        await Should.ThrowAsync<InputException>(() => EventStores.ExportAsync(opened, store, cancellation: Cancellation));
    }

    [Fact]
    public async Task An_export_of_a_store_replaces_an_earlier_one_and_nothing_else()
    {
        var store = await StoreAsync("events.db");
        var file = place.At("events.parquet");
        (await Taste.RunAsync("store", "export", store, "--out", file)).ExitCode.ShouldBe(0);
        (await Taste.RunAsync("store", "export", store, "--out", file)).ExitCode.ShouldBe(0);
        await RefusedAsync("'.csv' is not supported", place.Ratings, "store", "export", store, "--out", place.Ratings, "--overwrite");

        var own = place.Write("own-data.parquet", "not ours");
        await RefusedAsync("--overwrite", own, "store", "export", store, "--out", own);
        (await Taste.RunAsync("store", "export", store, "--out", own, "--overwrite")).ExitCode.ShouldBe(0);
    }

    [Fact]
    public async Task A_split_keeps_away_from_its_input_and_from_files_that_it_did_not_write()
    {
        var folder = Directory.CreateDirectory(place.At("own")).FullName;
        var train = Path.Combine(folder, "train.csv");
        File.Copy(place.Ratings, train);
        await RefusedAsync("this command reads", train, "data", "split", train, "--out", folder, "--overwrite");
        await RefusedAsync("'taste data split'", train, "data", "split", place.Ratings, "--out", folder);
        Directory.EnumerateFiles(folder).ShouldBe([train]);

        var parts = place.At("own-parts");
        (await Taste.RunAsync("data", "split", place.Ratings, "--out", parts)).ExitCode.ShouldBe(0);
        (await Taste.RunAsync("data", "split", place.Ratings, "--split", "random(test=0.2,validation=0)", "--out", parts)).ExitCode.ShouldBe(0);
        Directory.EnumerateFiles(parts).Select(Path.GetFileName).Order().ShouldBe(["split.json", "test.csv", "train.csv"]); // a validation part of the split before is no part of this one

        var edited = Path.Combine(parts, "test.csv");
        await File.AppendAllLinesAsync(edited, ["1,2,3,4"], Cancellation);
        await RefusedAsync("--overwrite", edited, "data", "split", place.Ratings, "--out", parts);
        (await Taste.RunAsync("data", "split", place.Ratings, "--out", parts, "--overwrite")).ExitCode.ShouldBe(0);
    }

    [Theory]
    [InlineData("random")]
    [InlineData("leave-one-out(by=time)")]
    [InlineData("strong-generalization(test=10,validation=10)")]
    public async Task The_parts_of_a_split_have_the_times_and_values_of_the_data(string split)
    {
        var parts = place.At($"timed-{split[..5]}");
        (await Taste.RunAsync("data", "split", place.Ratings, "--split", split, "--out", parts)).ExitCode.ShouldBe(0);

        var rows = File.ReadLines(place.Ratings).Skip(1).Select(line => string.Join(',', line.Split(',')[1..])).ToHashSet();
        foreach (var file in Directory.EnumerateFiles(parts, "*.csv"))
        {
            File.ReadLines(file).First().ShouldBe("user,item,value,time", file);
            File.ReadLines(file).Skip(1).ShouldAllBe(line => rows.Contains(line.Substring(line.IndexOf(',', StringComparison.Ordinal) + 1)));
        }
    }

    [Fact]
    public async Task Lists_replace_earlier_lists_and_nothing_else()
    {
        var run = await RunAsync();
        var requests = place.Write("requests.csv", "user", "1", "2");
        await RefusedAsync("this command reads", requests, "recommend", run, "--requests", requests, "--out", requests, "--overwrite");
        await RefusedAsync("--overwrite", place.Ratings, "recommend", run, "--all-users", "--out", place.Ratings);
        foreach (var lists in new[] { place.At("lists.csv"), place.At("lists.parquet") })
        {
            (await Taste.RunAsync("recommend", run, "--requests", requests, "--out", lists)).ExitCode.ShouldBe(0);
            (await Taste.RunAsync("recommend", run, "--all-users", "--out", lists)).ExitCode.ShouldBe(0);
        }

        var own = place.Write("own-lists.csv", "user,item");
        (await Taste.RunAsync("recommend", run, "--all-users", "--out", own, "--overwrite")).ExitCode.ShouldBe(0);
        File.ReadLines(own).First().ShouldBe("request,user,rank,item,title,score,strategy");
    }

    [Fact]
    public async Task Lists_of_a_system_that_predicts_times_say_when_the_user_is_expected()
    {
        var (run, lists, parquet) = (place.At("timed"), place.At("timed-lists.csv"), place.At("timed-lists.parquet"));
        (await Taste.RunAsync("train", place.Ratings, "--system", "deep-coevolve", "--set", "epochs=1", "--set", "dimension=4", "--out", run, "--json")).ExitCode.ShouldBe(0);
        (await Taste.RunAsync("recommend", run, "--all-users", "-n", "3", "--out", lists)).ExitCode.ShouldBe(0);
        (await Taste.RunAsync("recommend", run, "--all-users", "-n", "3", "--out", lists)).ExitCode.ShouldBe(0); // its own file is replaced
        (await Taste.RunAsync("recommend", run, "--all-users", "-n", "3", "--out", parquet)).ExitCode.ShouldBe(0);
        (await Taste.RunAsync("recommend", run, "--all-users", "-n", "3", "--out", parquet)).ExitCode.ShouldBe(0);
        var answer = await Taste.RunAsync("recommend", run, "--user", "1", "-n", "3", "--json");
        var expected = answer.Json.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("expected").GetDateTimeOffset()).ToList();

        var lines = File.ReadAllLines(lists);
        lines[0].ShouldBe("request,user,rank,item,title,score,strategy,expected");
        lines.Where(line => line.Split(',')[1] == "1").Select(line => DateTimeOffset.Parse(line.Split(',')[^1], System.Globalization.CultureInfo.InvariantCulture))
            .Zip(expected).ShouldAllBe(pair => (pair.First - pair.Second).Duration() < TimeSpan.FromSeconds(1));
        expected.Count.ShouldBe(3);
    }

    [Fact]
    public async Task Requests_without_a_row_are_refused_and_nothing_is_written()
    {
        var refused = await Taste.RunAsync("recommend", await RunAsync(), "--requests", place.Write("none.csv", "user"), "--out", place.At("none-lists.csv"), "--json");
        refused.ExitCode.ShouldBe(2);
        refused.Json.GetProperty("problems")[0].GetString()!.ShouldContain("no request");
        Directory.EnumerateFileSystemEntries(place.Folder, "none-lists*").ShouldBeEmpty();
    }

    [Fact]
    public async Task Requests_may_end_their_lines_in_several_ways()
    {
        await File.WriteAllTextAsync(place.At("mixed.csv"), "user\n1\r\n2\n3\r\n", Cancellation);
        var answered = await Taste.RunAsync("recommend", await RunAsync(), "--requests", place.At("mixed.csv"), "--out", place.At("mixed-lists.csv"), "--json");
        answered.ExitCode.ShouldBe(0, answered.Error);
        answered.Json.GetProperty("requests").GetInt32().ShouldBe(3);
        answered.Json.GetProperty("unknownUsers").GetInt32().ShouldBe(0);
    }

    [Fact]
    public async Task Prepared_data_replaces_prepared_data_of_the_same_source_alone()
    {
        var other = place.Write("other.csv", "user,item", "a,1", "b,2");
        var prepared = place.At("prepared-own");
        (await Taste.RunAsync("data", "import", place.Ratings, "--out", prepared)).ExitCode.ShouldBe(0);
        (await Taste.RunAsync("data", "import", place.Ratings, "--out", prepared)).ExitCode.ShouldBe(0);
        var manifest = Path.Combine(prepared, "dataset.json");
        await RefusedAsync(place.Ratings, manifest, "data", "import", other, "--out", prepared);
        await RefusedAsync("this command reads", manifest, "data", "import", prepared, "--out", prepared, "--overwrite");
        await RefusedAsync("this command reads", other, "data", "import", other, "--out", place.Folder, "--overwrite");
        (await Taste.RunAsync("data", "import", other, "--out", prepared, "--overwrite")).ExitCode.ShouldBe(0);
    }

    [Fact]
    public async Task Models_pages_demos_and_runs_replace_nothing_of_the_users()
    {
        var run = await RunAsync();
        var own = place.Write("own.onnx", "not ours");
        (await Taste.RunAsync("train", place.Ratings, "--system", "ease", "--out", place.At("ease"))).ExitCode.ShouldBe(0);
        await RefusedAsync("--overwrite", own, "export", place.At("ease"), "-o", own);

        var notes = place.Write("notes.md", "my notes");
        await RefusedAsync("--overwrite", notes, "reproduce", "recipes", "--pages-only", "--page", notes);
        await RefusedAsync("--overwrite", notes, "tune", place.Ratings, "--system", "ease", "--page", notes);
        await RefusedAsync("taste demo", notes, "demo", "--out", place.Folder);
        await RefusedAsync("is a file", notes, "train", place.Ratings, "--system", "ease", "--out", notes);
        await RefusedAsync("holds no search", notes, "tune", place.Ratings, "--system", "ease", "--out", place.Folder);

        var report = Path.Combine(Directory.CreateDirectory(place.At("reports")).FullName, "report.html");
        await File.WriteAllTextAsync(report, "<html>mine</html>", Cancellation);
        await RefusedAsync("report.html", report, "compare", place.Ratings, "--systems", "popularity,ease", "--no-baselines", "--out", place.At("reports"));
        await RefusedAsync("the folder of a run", Path.Combine(run, "run.json"), "compare", run, "--systems", "popularity,ease", "--no-baselines");
    }

    [Fact]
    public async Task A_run_that_was_killed_says_that_it_can_be_resumed()
    {
        var run = place.At("killed");
        (await Taste.RunAsync("train", place.Ratings, "--system", "ease", "--out", run, "--no-final-fit")).ExitCode.ShouldBe(0);
        Directory.Delete(Path.Combine(run, "model"), recursive: true);
        var manifest = Path.Combine(run, "run.json");
        await File.WriteAllTextAsync(manifest, (await File.ReadAllTextAsync(manifest, Cancellation)).Replace("completed", "running", StringComparison.Ordinal), Cancellation);
        Directory.CreateDirectory(Path.Combine(run, "checkpoints", "epoch-000002"));
        foreach (var command in new[] { "recommend KILLED --user 1", "evaluate KILLED", "export KILLED -o x.onnx", "similar KILLED 1" })
        {
            var refused = await Taste.RunAsync([.. command.Split(' ').Select(word => word == "KILLED" ? run : word)]);
            refused.ExitCode.ShouldBe(2, command);
            refused.Error.ReplaceLineEndings(" ").ShouldContain("its checkpoints are there", Case.Sensitive, command);
        }

        await File.WriteAllTextAsync(Path.Combine(run, "run.pid"), "4711", Cancellation);
        using (new FileStream(Path.Combine(run, "run.lock"), FileMode.Create, FileAccess.Write, FileShare.None))
        {
            (await Taste.RunAsync("recommend", run, "--user", "1")).Error.ShouldContain("in progress (process 4711)");
            var second = await Taste.RunAsync("train", place.Ratings, "--system", "ease", "--out", run);
            second.ExitCode.ShouldBe(2);
            second.Error.ShouldContain("this run is in progress");
        }
    }

    [Fact]
    public async Task A_disk_that_takes_nothing_is_said_in_one_sentence()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        // The folder of processes takes no file from anybody.
        foreach (var command in new[] { "train DATA --system ease --out /proc/run", "data split DATA --out /proc/parts", "data import DATA --out /proc/prepared", "recommend MODEL --all-users --out /proc/lists.csv", "recommend MODEL --all-users --out /proc/none/lists.parquet" })
        {
            var run = await RunAsync();
            var refused = await Taste.RunAsync([.. command.Split(' ').Select(word => word == "DATA" ? place.Ratings : word == "MODEL" ? run : word), "--json"]);
            refused.ExitCode.ShouldBe(2, command + refused.Error);
            refused.Json.GetProperty("problems").GetArrayLength().ShouldBe(1);
            refused.Json.GetProperty("problems")[0].GetString()!.ShouldContain("cannot be written");
            refused.Json.GetProperty("problems")[0].GetString()!.ShouldContain("/proc/");
            refused.Error.ShouldNotContain("DuckDB");
        }
    }
}
