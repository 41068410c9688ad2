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
    public async Task Wrong_stores_are_named()
    {
        (await Taste.RunAsync("store", "export", place.At("nothing.db"), "--out", place.At("x.parquet"))).Error.ShouldContain("There is no event store");
        (await Taste.RunAsync("store", "export", place.Ratings, "--out", place.At("x.parquet"))).Error.ShouldContain("no event store");
        (await Taste.RunAsync("train", place.Ratings, "--from-store", place.At("events.db"), "--system", "ease")).Error.ShouldContain("Give one of the two");
        File.Exists(place.At("nothing.db")).ShouldBeFalse();
    }
}
