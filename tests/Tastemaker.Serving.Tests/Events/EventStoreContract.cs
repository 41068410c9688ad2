using System.Globalization;
using Tastemaker.Serving.Events;

namespace Tastemaker.Serving.Tests.Events;

/// <summary>What every store promises; a class a store runs it.</summary>
public abstract class EventStoreContract : IAsyncDisposable
{
    private static readonly DateTimeOffset Noon = new(2024, 5, 6, 12, 0, 0, TimeSpan.Zero);

    private readonly Lazy<IEventStore> opened;

    protected EventStoreContract() => opened = new Lazy<IEventStore>(Open);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private IEventStore Store => opened.Value;

    /// <summary>An empty store; skips the test where there can be none.</summary>
    protected abstract IEventStore Open();

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (opened.IsValueCreated)
        {
            await opened.Value.DisposeAsync();
        }

        await CleanUpAsync();
    }

    /// <summary>Removes what the store was kept in.</summary>
    protected virtual ValueTask CleanUpAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task What_was_appended_is_read_in_order_with_ascending_numbers()
    {
        var first = await Append(At("ann", "film", 4.5f, Noon), At("bob", "book", null, Noon.AddDays(-1)));
        var second = await Append(At("ann", "song", -0.25f, Noon.AddTicks(10)));

        var all = await Read();

        all.Select(one => (one.User, one.Item, one.Value, one.Time)).ShouldBe(
            [("ann", "film", 4.5f, Noon), ("bob", "book", (float?)null, Noon.AddDays(-1)), ("ann", "song", -0.25f, Noon.AddTicks(10))]);
        all.Select(one => one.Number).ShouldBeInOrder(SortDirection.Ascending);
        all.Select(one => one.Number).ShouldBeUnique();
        first.ShouldBe(new AppendReceipt(2, all[1].Number, Repeated: false));
        second.ShouldBe(new AppendReceipt(1, all[2].Number, Repeated: false));
    }

    [Fact]
    public async Task Reading_after_a_number_gives_what_came_later()
    {
        await Append(At("a", "1"), At("a", "2"));
        var middle = (await Append(At("a", "3"))).Last;
        await Append(At("a", "4"), At("a", "5"));

        (await Read(middle)).Select(one => one.Item).ShouldBe(["4", "5"]);
        (await Read(middle - 1)).Select(one => one.Item).ShouldBe(["3", "4", "5"]);
        (await Read(long.MaxValue)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Times_of_other_zones_are_the_same_moment_and_absent_ones_are_now()
    {
        var before = DateTimeOffset.UtcNow.AddSeconds(-1);
        await Append(At("a", "there", null, new DateTimeOffset(2024, 5, 6, 14, 0, 0, TimeSpan.FromHours(2))), new Interaction("a", "now"));

        var all = await Read();

        all[0].Time.UtcDateTime.ShouldBe(Noon.UtcDateTime);
        all[1].Time.ShouldBeInRange(before, DateTimeOffset.UtcNow.AddSeconds(1));
    }

    [Fact]
    public async Task A_call_with_something_that_cannot_be_stored_stores_nothing()
    {
        await Should.ThrowAsync<InputException>(Append(At("a", "fine"), At("a", "nu\0l")));
        await Should.ThrowAsync<InputException>(Append(At("half\uD83D", "fine")));
        await Should.ThrowAsync<InputException>(Append());

        (await Read()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_repeated_key_stores_nothing_and_gives_the_first_receipt()
    {
        var first = await Store.AppendAsync([At("a", "1"), At("a", "2")], "key", Cancellation);
        await Append(At("b", "other"));

        var second = await Store.AppendAsync([At("a", "1"), At("a", "2")], "key", Cancellation);

        second.ShouldBe(first with { Repeated = true });
        (await Read()).Select(one => one.Item).ShouldBe(["1", "2", "other"]);
    }

    [Fact]
    public async Task A_key_of_another_call_is_refused_and_nothing_is_stored()
    {
        Interaction[] call = [At("a", "1", 3, Noon), At("a", "2")];
        await Store.AppendAsync(call, "key", Cancellation);
        Interaction[][] others =
        [
            [call[0]], [.. call, call[1]], [call[1], call[0]], [call[0] with { Value = 4 }, call[1]], [call[0] with { Value = null }, call[1]],
            [call[0] with { Time = Noon.AddSeconds(1) }, call[1]], [call[0], At("b", "2")], [call[0], At("a", "3")],
        ];

        foreach (var other in others)
        {
            (await Should.ThrowAsync<IdempotencyKeyException>(async () => await Store.AppendAsync(other, "key", Cancellation))).Message.ShouldContain("'key'");
        }

        (await Store.AppendAsync([.. call], "key", Cancellation)).Repeated.ShouldBeTrue();
        (await Read()).Count.ShouldBe(2);

        // What was forgotten meanwhile cannot be compared, and is not stored again.
        await Store.ForgetAsync(new InteractionFilter { Item = "1" }, Cancellation);
        (await Store.AppendAsync(call, "key", Cancellation)).Repeated.ShouldBeTrue();
        (await Read()).Count.ShouldBe(1);
    }

    [Fact]
    public async Task The_newest_of_a_user_are_read_in_order()
    {
        await Append(At("a", "1"), At("b", "1"), At("a", "2"), At("A", "9"), At("a", "3", 2, Noon));

        var newest = await Store.ReadUserAsync("a", 2, Cancellation);

        newest.Select(one => one.Item).ShouldBe(["2", "3"]);
        newest[1].ShouldBe((await Read())[4]);
        (await Store.ReadUserAsync("a", 10, Cancellation)).Count.ShouldBe(3);
        (await Store.ReadUserAsync("c", 10, Cancellation)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Only_what_meets_all_conditions_is_counted_and_forgotten()
    {
        await Append(At("a", "1", null, Noon), At("a", "2", null, Noon.AddDays(1)), At("b", "1", null, Noon), At("b", "2", null, Noon.AddDays(1)));
        (InteractionFilter Filter, long Count)[] cases =
        [
            (new() { User = "a", Item = "1", Before = Noon.AddDays(1) }, 1), (new() { User = "a", Item = "1", Before = Noon }, 0),
            (new() { User = "a" }, 2), (new() { Item = "2" }, 2), (new() { Before = Noon.AddDays(1) }, 2), (new() { User = "c" }, 0),
        ];
        foreach (var (filter, count) in cases)
        {
            (await Store.CountAsync(filter, Cancellation)).ShouldBe(count);
        }

        (await Store.ForgetAsync(new() { User = "a" }, Cancellation)).ShouldBe(2);
        (await Store.ForgetAsync(new() { User = "b", Item = "1" }, Cancellation)).ShouldBe(1);
        (await Read()).Select(one => (one.User, one.Item)).ShouldBe([("b", "2")]);
        await Should.ThrowAsync<InputException>(async () => await Store.ForgetAsync(new InteractionFilter(), Cancellation));
        await Should.ThrowAsync<InputException>(async () => await Store.CountAsync(new InteractionFilter(), Cancellation));
    }

    [Fact]
    public async Task Fifty_calls_at_once_with_one_key_store_once()
    {
        var store = Store;
        var receipts = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Task.Run(() => store.AppendAsync([At("a", "1"), At("a", "2")], "one", Cancellation))));

        receipts.Count(receipt => !receipt.Repeated).ShouldBe(1);
        receipts.Select(receipt => (receipt.Count, receipt.Last)).Distinct().Count().ShouldBe(1);
        (await Read()).Count.ShouldBe(2);
    }

    [Fact]
    public async Task Calls_at_once_keep_their_interactions_together_and_lose_none()
    {
        var store = Store;
        var receipts = await Task.WhenAll(Enumerable.Range(0, 100).Select(call => Task.Run(() =>
            store.AppendAsync([.. Enumerable.Range(0, 3).Select(place => At($"u{call}", $"{place}"))], $"key {call}", Cancellation))));

        var all = await Read();

        all.Count.ShouldBe(300);
        all.Chunk(3).ShouldAllBe(chunk => chunk[0].User == chunk[1].User && chunk[1].User == chunk[2].User && chunk[0].Item == "0" && chunk[2].Item == "2");
        all.GroupBy(one => one.User).Select(group => group.Last().Number).Order().ShouldBe(receipts.Select(receipt => receipt.Last).Order());
        receipts.ShouldAllBe(receipt => all.Single(one => one.Number == receipt.Last).Item == "2" && all.Single(one => one.Number == receipt.Last - 2).Item == "0");
    }

    [Theory]
    [InlineData("Zoë")]
    [InlineData("映画 ルパン三世")]
    [InlineData("🎬👩‍👩‍👧")]
    [InlineData("' OR 1=1; DROP TABLE interactions; --")]
    [InlineData("tab\tand \"quotes\" and \\ and\nlines")]
    [InlineData(" spaces ")]
    public async Task Texts_come_back_as_they_were(string text)
    {
        await Store.AppendAsync([At(text, text)], text, Cancellation);
        await Store.PutAsync(EntityKind.Item, [new EntityRecord(text, new Dictionary<string, string> { [text] = text })], Cancellation);

        var one = (await Read()).Single();
        var record = (await Read(EntityKind.Item)).Single();

        (one.User, one.Item).ShouldBe((text, text));
        (await Store.AppendAsync([At(text, text)], text, Cancellation)).Repeated.ShouldBeTrue();
        record.Id.ShouldBe(text);
        record.Features.ShouldBe(new Dictionary<string, string> { [text] = text });
    }

    [Fact]
    public async Task Records_are_added_and_replaced_each_kind_for_itself()
    {
        await Store.PutAsync(EntityKind.Item, [Record("1", "title", "Old"), Record("2", "title", "Two")], Cancellation);
        await Store.PutAsync(EntityKind.User, [Record("1", "country", "NO")], Cancellation);
        await Store.PutAsync(EntityKind.Item, [Record("1", "title", "Middle"), Record("1", "title", "New"), Record("3", "genre", "a|b")], Cancellation);

        var items = (await Read(EntityKind.Item)).OrderBy(record => record.Id, StringComparer.Ordinal).ToList();

        items.Select(record => (record.Id, record.Features.Single().Value)).ShouldBe([("1", "New"), ("2", "Two"), ("3", "a|b")]);
        (await Read(EntityKind.User)).Single().Features["country"].ShouldBe("NO");
    }

    [Fact]
    public async Task Forgetting_takes_what_is_older_and_never_gives_a_number_again()
    {
        await Append(At("a", "old", null, Noon.AddDays(-2)), At("a", "just", null, Noon), At("a", "new", null, Noon.AddDays(1)));
        var last = (await Read()).Max(one => one.Number);

        (await Store.ForgetAsync(new InteractionFilter { Before = Noon }, Cancellation)).ShouldBe(1);
        (await Read()).Select(one => one.Item).ShouldBe(["just", "new"]);
        (await Store.ForgetAsync(new InteractionFilter { Before = Noon.AddDays(9) }, Cancellation)).ShouldBe(2);

        (await Append(At("a", "after"))).Last.ShouldBeGreaterThan(last);
    }

    [Fact]
    public async Task A_hundred_thousand_interactions_come_back_in_order()
    {
        foreach (var batch in Enumerable.Range(0, 100_000).Chunk(20_000))
        {
            (await Append([.. batch.Select(number => At(Text(number % 977), Text(number), number % 10, Noon.AddSeconds(number)))])).Count.ShouldBe(20_000);
        }

        var (expected, wrong) = (0, 0);
        await foreach (var one in Store.ReadAsync(0, Cancellation))
        {
            wrong += one.Item == Text(expected) && one.User == Text(expected % 977) && one.Value == expected % 10 && one.Time == Noon.AddSeconds(expected) ? 0 : 1;
            expected++;
        }

        (expected, wrong).ShouldBe((100_000, 0));
    }

    [Fact]
    public async Task Readers_and_writers_do_not_hinder_each_other()
    {
        (await Read()).ShouldBeEmpty();
        var writing = Task.WhenAll(Enumerable.Range(0, 40).Select(call => Task.Run(() => Append(At("a", Text(call)), At("a", Text(call))))));
        while (!writing.IsCompleted)
        {
            // All or none: never the half of a call.
            ((await Read()).Count % 2).ShouldBe(0);
        }

        await writing;
        (await Read()).Count.ShouldBe(80);
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static Interaction At(string user, string item, float? value = null, DateTimeOffset? time = null) => new(user, item) { Value = value, Time = time };

    private static EntityRecord Record(string id, string name, string text) => new(id, new Dictionary<string, string> { [name] = text });

    private async Task<AppendReceipt> Append(params Interaction[] interactions) => await Store.AppendAsync(interactions, null, Cancellation);

    private Task<List<StoredInteraction>> Read(long after = 0) => Store.ReadAsync(after, Cancellation).ToListAsync(Cancellation).AsTask();

    private Task<List<EntityRecord>> Read(EntityKind kind) => Store.ReadRecordsAsync(kind, Cancellation).ToListAsync(Cancellation).AsTask();
}
