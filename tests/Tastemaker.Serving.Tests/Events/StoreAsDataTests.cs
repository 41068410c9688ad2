using Tastemaker.Data;
using Tastemaker.Data.Import;
using Tastemaker.Serving.Events;

namespace Tastemaker.Serving.Tests.Events;

/// <summary>From events to training data: by export, and read in place.</summary>
public sealed class StoreAsDataTests(PostgresServer server) : IClassFixture<PostgresServer>, IDisposable
{
    private static readonly DateTimeOffset Noon = new(2024, 5, 6, 12, 0, 0, TimeSpan.Zero);

    private readonly TemporaryFolder folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Exported_events_are_recognized_as_data(bool valued)
    {
        await using var store = EventStores.Open(folder.At("events.db"));
        await Fill(store, valued);

        var done = await EventStores.ExportAsync(store, folder.At("events.parquet"), cancellation: Cancellation);

        done.Count.ShouldBe(4);
        Check(DatasetImport.Import(folder.At("events.parquet")), valued);
        Directory.GetFiles(folder.Folder, "*.tmp").ShouldBeEmpty();
        (await EventStores.ExportAsync(store, folder.At("rest.parquet"), after: done.Last - 1, cancellation: Cancellation)).ShouldBe(new StoreExport(1, done.Last));
        await Should.ThrowAsync<InputException>(EventStores.ExportAsync(store, folder.At("none.parquet"), after: done.Last, cancellation: Cancellation));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_file_is_data_while_a_service_writes_to_it(bool valued)
    {
        await using var store = EventStores.Open(folder.At("events.db"));
        var last = await Fill(store, valued);

        var (data, report) = DatasetImport.ImportWithReport(DataOptions.From(folder.At("events.db")));

        Check(data, valued);
        data.StoreUntil.ShouldBe(last);
        report.Layout.ShouldBe("event store");
        report.Warnings.ShouldBeEmpty();
        data.Restrict([0, 1], "half").StoreUntil.ShouldBe(last);
    }

    [Fact]
    public async Task A_database_is_data_too()
    {
        var schema = server.EmptySchema();
        try
        {
            await using var store = EventStores.Open(schema);
            var last = await Fill(store, valued: true);

            var data = DatasetImport.Import($"postgres:{schema}");

            Check(data, valued: true);
            data.StoreUntil.ShouldBe(last);
            data.ItemTitles!.Values[data.Items.IndexOf("film")].ShouldBe("The Film");
        }
        finally
        {
            PostgresServer.Drop(schema);
        }
    }

    [Fact]
    public async Task Features_of_items_and_users_come_along()
    {
        await using var store = EventStores.Open(folder.At("events.db"));
        await Fill(store, valued: false);

        var data = DatasetImport.Import(folder.At("events.db"));

        data.ItemTitles!.Values[data.Items.IndexOf("film")].ShouldBe("The Film");
        data.ItemTitles.Values[data.Items.IndexOf("song")].ShouldBe("It's \"it\"");
        data.UserFeatures!.Find("home").ShouldNotBeNull();
    }

    [Fact]
    public async Task Values_for_some_alone_ask_for_a_query_that_then_is_heeded()
    {
        await using var store = EventStores.Open(folder.At("events.db"));
        await store.AppendAsync([new("ann", "film") { Value = 3 }, new("bob", "film")], null, Cancellation);

        Should.Throw<InputException>(() => DatasetImport.Import(folder.At("events.db"))).Message.ShouldContain("2 interactions 1 have a value");
        var data = DatasetImport.Import(DataOptions.From(folder.At("events.db")) with { Query = "SELECT user, item FROM interactions" });

        data.Interactions.Count.ShouldBe(2);
        data.Interactions.HasValues.ShouldBeFalse();
        data.StoreUntil.ShouldBeNull();
    }

    [Theory]
    [InlineData(MissingValues.Positive, new[] { 3f, 5f, 5f }, "count as positives")]
    [InlineData(MissingValues.LeaveOut, new[] { 3f, 5f }, "left out")]
    public async Task Interactions_without_a_value_become_what_is_asked_for_and_a_note_says_so(MissingValues missing, float[] expected, string note)
    {
        await using var store = EventStores.Open(folder.At("events.db"));
        var last = (await store.AppendAsync([new("ann", "film") { Value = 3 }, new("ann", "song") { Value = 5 }, new("bob", "film")], null, Cancellation)).Last;

        var (data, report) = DatasetImport.ImportWithReport(DataOptions.From(folder.At("events.db")) with { MissingValues = missing });

        data.Interactions.Values.ToArray().ShouldBe(expected);
        data.StoreUntil.ShouldBe(last);
        report.Warnings.ShouldHaveSingleItem().ShouldContain(note);
    }

    [Fact]
    public async Task A_database_with_values_for_some_becomes_what_is_asked_for_too()
    {
        var schema = server.EmptySchema();
        try
        {
            await using var store = EventStores.Open(schema);
            await store.AppendAsync([new("ann", "film") { Value = 3 }, new("ann", "song") { Value = 5 }, new("bob", "film")], null, Cancellation);

            DatasetImport.Import(DataOptions.From($"postgres:{schema}") with { MissingValues = MissingValues.Positive }).Interactions.Values.ToArray().ShouldBe([3, 5, 5]);
            DatasetImport.Import(DataOptions.From($"postgres:{schema}") with { MissingValues = MissingValues.LeaveOut }).Interactions.Values.ToArray().ShouldBe([3, 5]);
        }
        finally
        {
            PostgresServer.Drop(schema);
        }
    }

    private static async Task<long> Fill(IEventStore store, bool valued)
    {
        float? Value(float value) => valued ? value : null;
        await store.PutAsync(
            EntityKind.Item,
            [
                new EntityRecord("film", new Dictionary<string, string> { ["title"] = "The Film", ["genre"] = "a|b" }),
                new EntityRecord("song", new Dictionary<string, string> { ["title"] = "It's \"it\"" }),
                new EntityRecord("book", new Dictionary<string, string> { ["title"] = "Book", ["genre"] = "b" }),
            ],
            Cancellation);
        await store.PutAsync(EntityKind.User, [new EntityRecord("ann", new Dictionary<string, string> { ["home"] = "no" }), new EntityRecord("bob", new Dictionary<string, string> { ["home"] = "se" })], Cancellation);
        await store.AppendAsync([new("bob", "film") { Value = Value(4.5f), Time = Noon.AddSeconds(5) }, new("ann", "song") { Value = Value(1), Time = Noon }], null, Cancellation);
        return (await store.AppendAsync([new("ann", "film") { Value = Value(2), Time = Noon.AddMilliseconds(500) }, new("ann", "book") { Value = Value(3), Time = Noon.AddDays(1) }], null, Cancellation)).Last;
    }

    private static void Check(Dataset data, bool valued)
    {
        var rows = Enumerable.Range(0, data.Interactions.Count).Select(row => (
            data.Users[data.Interactions.Users[row]], data.Items[data.Interactions.Items[row]], valued ? data.Interactions.Values[row] : 0, Timestamps.Seconds(data.Interactions.Times[row]) - Noon.ToUnixTimeSeconds()));
        rows.ShouldBe([("bob", "film", valued ? 4.5f : 0, 5), ("ann", "song", valued ? 1 : 0, 0), ("ann", "film", valued ? 2 : 0, 0), ("ann", "book", valued ? 3 : 0, 86_400)]);
        data.Interactions.HasValues.ShouldBe(valued);
    }
}
