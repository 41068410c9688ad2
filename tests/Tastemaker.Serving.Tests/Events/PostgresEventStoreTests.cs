using Npgsql;
using Tastemaker.Serving.Events;
using Tastemaker.Serving.Events.Postgres;

namespace Tastemaker.Serving.Tests.Events;

public sealed class PostgresEventStoreTests(PostgresServer server) : EventStoreContract, IClassFixture<PostgresServer>
{
    private string? schema;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    protected override IEventStore Open() => EventStores.Open(schema = server.EmptySchema());

    protected override ValueTask CleanUpAsync()
    {
        if (schema is not null)
        {
            PostgresServer.Drop(schema);
        }

        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Stores_of_several_processes_share_keys_and_numbers()
    {
        await using var one = Open();
        await using var other = EventStores.Open(schema!);
        var receipts = await Task.WhenAll(Enumerable.Range(0, 60).Select(call => Task.Run(() =>
            (call % 2 == 0 ? one : other).AppendAsync([new Interaction("a", "1"), new Interaction("a", "2")], $"{call / 4}", Cancellation))));

        receipts.Count(receipt => !receipt.Repeated).ShouldBe(15);
        (await one.ReadAsync(0, Cancellation).CountAsync(Cancellation)).ShouldBe(30);
    }

    [Fact]
    public async Task Keys_are_known_for_their_lifetime()
    {
        await using (var store = Open())
        {
            await store.AppendAsync([new Interaction("a", "1")], "key", Cancellation);
        }

        await using var later = PostgresEventStore.Open(schema!, TimeSpan.FromDays(-1));
        (await later.AppendAsync([new Interaction("a", "1")], "key", Cancellation)).Repeated.ShouldBeFalse();
    }

    [Fact]
    public async Task A_newer_version_is_refused()
    {
        await using var store = Open();
        await using var source = NpgsqlDataSource.Create(schema!);
        await using var command = source.CreateCommand("UPDATE tastemaker_schema SET version = 2");
        await command.ExecuteNonQueryAsync(Cancellation);

        Should.Throw<InputException>(() => EventStores.Open(schema!)).Message.ShouldContain("has version 2, but this program knows version 1");
    }

    [Fact]
    public void A_server_that_does_not_answer_is_said_to_and_no_password_is_shown()
    {
        var complaint = Should.Throw<InputException>(() => EventStores.Open("Host=127.0.0.1;Port=1;Database=b;Username=a;Password=secret;Timeout=1"));
        complaint.Message.ShouldContain("does not answer");
        complaint.Message.ShouldNotContain("secret");
        Should.Throw<InputException>(() => EventStores.Open("Host=x;Pasword=secret")).Message.ShouldNotContain("secret");
    }

    [Theory]
    [InlineData("postgres://", "server")]
    [InlineData("postgres://ann@db.example", "database")]
    [InlineData("postgres://ann@db.example/", "database")]
    [InlineData("Host=db.example", "database")]
    [InlineData("postgres:Database=shop", "server")]
    [InlineData("postgres://db.example:x/shop", "not understood")]
    public void A_name_without_server_or_database_says_what_is_missing(string text, string hint) =>
        Should.Throw<InputException>(() => EventStores.Open(text)).Message.ShouldContain(hint);

    [Theory]
    [InlineData("postgres://ann:p%40ss@db.example:6543/shop?sslmode=verify-full", "Host=db.example;Port=6543;Username=ann;Password=p@ss;Database=shop;SSL Mode=VerifyFull")]
    [InlineData("postgresql://db.example/shop", "Host=db.example;Port=5432;Database=shop")]
    [InlineData("postgres:Host=db;Database=shop", "Host=db;Database=shop")]
    [InlineData("Host=db;Database=shop", "Host=db;Database=shop")]
    public void Servers_are_named_by_uris_and_connection_strings(string text, string expected) =>
        new NpgsqlConnectionStringBuilder(ConnectionText.Parse(text)).EquivalentTo(new NpgsqlConnectionStringBuilder(expected)).ShouldBeTrue();
}
