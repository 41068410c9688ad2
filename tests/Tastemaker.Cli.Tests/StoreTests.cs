using Tastemaker.Serving.Events;

namespace Tastemaker.Cli.Tests;

/// <summary>From a store to a trained model, by commands.</summary>
public sealed class StoreTests : IDisposable
{
    private readonly Workplace place = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => place.Dispose();

    [Fact]
    public async Task A_store_is_exported_forgotten_and_trained_from()
    {
        long last;
        await using (var store = EventStores.Open(place.At("events.db")))
        {
            var rows = File.ReadLines(place.Ratings).Skip(1).Select(line => line.Split(','));
            last = (await store.AppendAsync([.. rows.Select(row => new Interaction(row[0], row[1]) { Time = DateTimeOffset.UtcNow })], null, Cancellation)).Last;
            await store.AppendAsync([new Interaction("1", "2") { Time = DateTimeOffset.UtcNow.AddDays(-100) }], null, Cancellation);
        }

        var forgotten = await Taste.RunAsync("store", "forget", place.At("events.db"), "--older-than", "30", "--yes", "--json");
        forgotten.Json.GetProperty("forgotten").GetInt64().ShouldBe(1);

        var export = await Taste.RunAsync("store", "export", place.At("events.db"), "--out", place.At("events.parquet"), "--json");
        export.ExitCode.ShouldBe(0, export.Error);
        export.Json.GetProperty("last").GetInt64().ShouldBe(last);

        var train = await Taste.RunAsync("train", "--from-store", place.At("events.db"), "--system", "ease", "--out", place.At("run"), "--json");
        train.ExitCode.ShouldBe(0, train.Error);
        (await File.ReadAllTextAsync(Path.Combine(place.At("run"), "model", "model.json"), Cancellation)).ShouldContain($"\"store-until\": {last}");
    }

    [Fact]
    public async Task Forgetting_asks_first_and_a_dry_run_only_counts()
    {
        await using (var store = EventStores.Open(place.At("events.db")))
        {
            await store.AppendAsync([new("ann", "1"), new("ann", "2"), new("bob", "1") { Time = DateTimeOffset.UtcNow.AddDays(-100) }], null, Cancellation);
        }

        async Task<int> Left()
        {
            await using var store = EventStores.Open(place.At("events.db"));
            return await store.ReadAsync(0, Cancellation).CountAsync(Cancellation);
        }

        var unasked = await Taste.RunAsync("store", "forget", place.At("events.db"), "--user", "ann", "--json");
        unasked.ExitCode.ShouldBe(2);
        unasked.Error.ShouldContain("Remove 2 interactions");
        unasked.Error.ShouldContain("--yes");
        (await Left()).ShouldBe(3);

        var dry = await Taste.RunAsync("store", "forget", place.At("events.db"), "--user", "ann", "--dry-run", "--json");
        dry.ExitCode.ShouldBe(0, dry.Error);
        dry.Json.GetProperty("wouldForget").GetInt64().ShouldBe(2);
        (await Left()).ShouldBe(3);

        var item = await Taste.RunAsync("store", "forget", place.At("events.db"), "--item", "1", "--older-than", "30", "--yes", "--json");
        item.Json.GetProperty("forgotten").GetInt64().ShouldBe(1);
        (await Taste.RunAsync("store", "forget", place.At("events.db"), "--user", "ann", "--yes", "--json")).Json.GetProperty("forgotten").GetInt64().ShouldBe(2);
        (await Left()).ShouldBe(0);
        (await Taste.RunAsync("store", "forget", place.At("events.db"), "--yes")).Error.ShouldContain("--older-than DAYS");
    }

    [Fact]
    public async Task A_server_that_cannot_start_says_why_in_one_sentence_and_exits_with_2()
    {
        (await Taste.RunAsync("train", place.Ratings, "--system", "ease", "--out", place.At("run"))).ExitCode.ShouldBe(0);
        using var taken = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        taken.Start();
        var port = ((System.Net.IPEndPoint)taken.LocalEndpoint).Port.ToString(System.Globalization.CultureInfo.InvariantCulture);
        (string[] Options, string Hint)[] cases =
        [
            (["--port", port], "cannot be listened on"), (["--store", ""], "name of the event store is empty"), (["--store", "postgres://"], "names no server"),
            (["--store", "Host=127.0.0.1;Port=1;Database=x;Timeout=1"], "does not answer"), (["--store", place.At("nowhere/events.db")], "no folder"),
            (["--store", place.Ratings], "not a file of SQLite"), (["--api-key-file", place.Ratings], "64 hexadecimal digits"), (["--api-key-file", place.At("none")], "no file"),
        ];
        foreach (var (options, hint) in cases)
        {
            var served = await Taste.RunAsync(["serve", place.At("run"), .. options[0] == "--port" ? Array.Empty<string>() : ["--port", "0"], .. options]);

            served.ExitCode.ShouldBe(2, served.Error);
            served.Error.ShouldContain(hint);
            served.Error.ShouldNotContain("   at ");
        }
    }

    [Fact]
    public async Task Wrong_stores_are_named()
    {
        (await Taste.RunAsync("store", "export", place.At("nothing.db"), "--out", place.At("x.parquet"))).Error.ShouldContain("There is no event store");
        (await Taste.RunAsync("store", "export", place.Ratings, "--out", place.At("x.parquet"))).Error.ShouldContain("no event store");
        (await Taste.RunAsync("train", place.Ratings, "--from-store", place.At("events.db"), "--system", "ease")).Error.ShouldContain("Give one of the two");
        File.Exists(place.At("nothing.db")).ShouldBeFalse();
    }
}
