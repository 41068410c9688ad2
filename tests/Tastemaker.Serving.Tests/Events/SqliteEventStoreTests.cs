using Microsoft.Data.Sqlite;
using Tastemaker.Serving.Events;
using Tastemaker.Serving.Events.Sqlite;

namespace Tastemaker.Serving.Tests.Events;

public sealed class SqliteEventStoreTests : EventStoreContract
{
    private readonly TemporaryFolder folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string File => folder.At("events.db");

    protected override IEventStore Open() => EventStores.Open(File);

    protected override ValueTask CleanUpAsync()
    {
        folder.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_store_goes_on_where_it_was_closed()
    {
        AppendReceipt first;
        await using (var store = SqliteEventStore.Open(File))
        {
            first = await store.AppendAsync([new Interaction("a", "1")], "key", Cancellation);
        }

        await using var again = SqliteEventStore.Open(File);
        (await again.AppendAsync([new Interaction("a", "1")], "key", Cancellation)).ShouldBe(first with { Repeated = true });
        (await again.AppendAsync([new Interaction("a", "2")], null, Cancellation)).Last.ShouldBe(first.Last + 1);
        System.IO.File.Exists(File + "-wal").ShouldBeTrue();
    }

    [Fact]
    public async Task Disposing_stores_what_was_handed_over()
    {
        var store = SqliteEventStore.Open(File);
        var waiting = Enumerable.Range(0, 200).Select(call => store.AppendAsync([new Interaction("a", $"{call}")], null, Cancellation)).ToList();
        await store.DisposeAsync();

        (await Task.WhenAll(waiting)).Length.ShouldBe(200);
        System.IO.File.Exists(File + "-wal").ShouldBeFalse();
        await using var again = SqliteEventStore.Open(File);
        (await again.ReadAsync(0, Cancellation).CountAsync(Cancellation)).ShouldBe(200);
    }

    [Fact]
    public async Task A_closed_store_says_that_nothing_was_stored()
    {
        var store = SqliteEventStore.Open(File);
        await store.DisposeAsync();

        (await Should.ThrowAsync<EventStoreException>(store.AppendAsync([new Interaction("a", "1")], null, Cancellation))).Message.ShouldContain("nothing of this call was stored");
    }

    [Fact]
    public async Task A_store_of_an_earlier_release_gets_its_index()
    {
        await using (var store = SqliteEventStore.Open(File))
        {
            await store.AppendAsync([new Interaction("a", "1")], null, Cancellation);
        }

        Execute(File, "DROP INDEX interactions_by_user");
        await using var again = SqliteEventStore.Open(File);
        (await again.ReadUserAsync("a", 5, Cancellation)).Count.ShouldBe(1);
        Should.Throw<SqliteException>(() => Execute(File, "CREATE INDEX interactions_by_user ON interactions (user)")).Message.ShouldContain("already exists");
    }

    [Fact]
    public async Task Keys_are_known_for_their_lifetime()
    {
        await using (var store = SqliteEventStore.Open(File))
        {
            await store.AppendAsync([new Interaction("a", "1")], "key", Cancellation);
        }

        // Each opening prunes first.
        await using (var store = SqliteEventStore.Open(File, TimeSpan.FromDays(1)))
        {
            (await store.AppendAsync([new Interaction("a", "1")], "key", Cancellation)).Repeated.ShouldBeTrue();
        }

        await using var later = SqliteEventStore.Open(File, TimeSpan.FromDays(-1));
        (await later.AppendAsync([new Interaction("a", "1")], "key", Cancellation)).Repeated.ShouldBeFalse();
    }

    [Fact]
    public async Task Two_processes_may_write_to_one_file()
    {
        await using var one = SqliteEventStore.Open(File);
        await using var other = SqliteEventStore.Open(File);
        var receipts = await Task.WhenAll(Enumerable.Range(0, 60).Select(call => Task.Run(() =>
            (call % 2 == 0 ? one : other).AppendAsync([new Interaction("a", "1")], $"{call / 4}", Cancellation))));

        receipts.Count(receipt => !receipt.Repeated).ShouldBe(15);
        (await one.ReadAsync(0, Cancellation).CountAsync(Cancellation)).ShouldBe(15);
    }

    [Fact]
    public void A_file_of_something_else_is_left_alone()
    {
        System.IO.File.WriteAllText(File, string.Concat(Enumerable.Repeat("user,item\n1,2\n", 500)));
        Should.Throw<InputException>(() => SqliteEventStore.Open(File)).Message.ShouldContain("not a file of SQLite");

        Execute(folder.At("shop.db"), "CREATE TABLE interactions (id)");
        Should.Throw<InputException>(() => SqliteEventStore.Open(folder.At("shop.db"))).Message.ShouldContain("another program");
        Should.Throw<InputException>(() => SqliteEventStore.Open(folder.At("nowhere/events.db"))).Message.ShouldContain("no folder");
        Should.Throw<InputException>(() => SqliteEventStore.Open(folder.Folder)).Message.ShouldContain("rights");
    }

    [Fact]
    public async Task A_newer_version_is_refused()
    {
        await SqliteEventStore.Open(File).DisposeAsync();
        Execute(File, "PRAGMA user_version = 2");

        Should.Throw<InputException>(() => SqliteEventStore.Open(File)).Message.ShouldContain("has version 2, but this program knows version 1");
    }

    [Fact]
    public async Task A_locked_file_is_named_with_the_remedy()
    {
        await SqliteEventStore.Open(File).DisposeAsync();
        using var other = new SqliteConnection($"Data Source={File};Pooling=false");
        other.Open();
        using var hold = other.CreateCommand();
        hold.CommandText = "BEGIN IMMEDIATE";
        hold.ExecuteNonQuery();

        Should.Throw<InputException>(() => new StoreFile(File, patience: 1).OpenToWrite()).Message.ShouldContain("locked by another program");
    }

    [Fact]
    public async Task A_damaged_file_is_named_with_the_remedy()
    {
        await using (var store = SqliteEventStore.Open(File))
        {
            await store.AppendAsync([.. Enumerable.Range(0, 20_000).Select(number => new Interaction("a", $"{number}"))], null, Cancellation);
        }

        using (var file = System.IO.File.OpenWrite(File))
        {
            file.Position = 4096 * 5;
            file.Write(new byte[4096 * 40]);
        }

        await using var damaged = SqliteEventStore.Open(File);
        var complaint = await Should.ThrowAsync<InputException>(damaged.ReadAsync(0, Cancellation).CountAsync(Cancellation).AsTask());
        complaint.Message.ShouldContain("damaged");
        complaint.Message.ShouldContain(".recover");
    }

    private static void Execute(string file, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={file};Pooling=false");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
