using Tastemaker.Recommending;
using Tastemaker.Serving.Events;
using Tastemaker.Serving.Live;
using Tastemaker.Serving.Models;

namespace Tastemaker.Serving.Tests.Live;

public sealed class LiveHistoriesTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void Only_the_newest_are_kept_in_their_order()
    {
        using var host = new ModelHost(TwoTastes.Train("popularity"), "memory");
        using var model = host.Rent();
        var live = new LiveHistories(longest: 3);
        for (var number = 1; number <= 5; number++)
        {
            live.Add("new", TwoTastes.Item(number), number);
        }

        Since(live, "new", model).ShouldBe(["i3", "i4", "i5"]);
        live.Since("someone else", model).ShouldBeEmpty();
        live.Count.ShouldBe(1);
    }

    [Fact]
    public void What_is_told_twice_or_late_has_one_place_by_its_number()
    {
        using var host = new ModelHost(TwoTastes.Train("popularity"), "memory");
        using var model = host.Rent();
        var live = new LiveHistories(longest: 10);
        foreach (var number in new[] { 1, 4, 2, 4, 3, 1 })
        {
            live.Add("new", TwoTastes.Item(number), number);
        }

        Since(live, "new", model).ShouldBe(["i1", "i2", "i3", "i4"]);
    }

    [Fact]
    public void What_is_told_later_than_it_happened_has_its_place_in_time()
    {
        using var host = new ModelHost(TwoTastes.Train("popularity"), "memory");
        using var model = host.Rent();
        var live = new LiveHistories(longest: 10);
        var months = new[] { 3, 1, 2, 2 };
        for (var number = 1; number <= months.Length; number++)
        {
            live.Add("new", TwoTastes.Item(number), number, new DateTimeOffset(2024, months[number - 1], 1, 0, 0, 0, TimeSpan.Zero));
        }

        Since(live, "new", model).ShouldBe(["i2", "i3", "i4", "i1"]); // of one time in the order of telling
    }

    [Fact]
    public void Requests_of_users_with_news_carry_them_with_values_and_times_and_others_stay()
    {
        using var host = new ModelHost(TwoTastes.Train("popularity"), "memory");
        using var model = host.Rent();
        var live = new LiveHistories(longest: 10);
        var when = new DateTimeOffset(2024, 5, 1, 0, 0, 0, TimeSpan.Zero);
        live.Add("u0", "i1", 1, when, 3);
        live.Add("u0", "not in the catalog", 2);
        live.Add("u0", "i2", 3);
        var own = Request.ForHistory("i5") with { User = "u0" };

        var complete = live.Complete(Request.ForUser("u0"), model);
        complete.History.ShouldBeNull();
        complete.Events.ShouldBe([new("i1") { Value = 3, Time = when }, new("i2")]);
        live.Complete(Request.ForUser("u1"), model).ShouldBe(Request.ForUser("u1"));
        live.Complete(own, model).ShouldBeSameAs(own);
    }

    [Fact]
    public void A_history_that_is_in_the_store_as_a_whole_is_not_new()
    {
        using var host = new ModelHost(TwoTastes.Train("popularity"), "memory");
        using var model = host.Rent();
        var history = model.Recommender.HistoryOf("u0");
        var live = new LiveHistories(longest: 100);
        var number = 0;
        foreach (var item in history)
        {
            live.Add("u0", item, ++number);
        }

        live.Since("u0", model).ShouldBeEmpty();
        live.Complete(Request.ForUser("u0"), model).ShouldBe(Request.ForUser("u0"));

        live.Add("u0", "i1", ++number);
        live.Add("u0", history[0], ++number);
        Since(live, "u0", model).ShouldBe(["i1", history[0]]);
    }

    [Fact]
    public void Where_a_part_of_the_history_is_missing_the_store_began_after_training_and_repetitions_are_new()
    {
        using var host = new ModelHost(TwoTastes.Train("popularity"), "memory");
        using var model = host.Rent();
        var history = model.Recommender.HistoryOf("u0");
        var live = new LiveHistories(longest: 100);
        live.Add("u0", history[0], 1);
        live.Add("u0", history[1], 2);

        Since(live, "u0", model).ShouldBe([history[0], history[1]]);
    }

    [Fact]
    public async Task Memory_holds_so_many_users_and_no_more()
    {
        await using var store = new MemoryEventStore();
        var live = new LiveHistories(longest: 3, mostUsers: 50);
        for (var user = 0; user < 500; user++)
        {
            await store.AppendAsync([new($"n{user}", "i1")], null, Cancellation);
        }

        await live.LoadAsync(store, Cancellation);
        live.Count.ShouldBe(50);
        for (var user = 0; user < 500; user++)
        {
            await live.BringAsync($"n{user}", store, Cancellation);
            live.Count.ShouldBeLessThanOrEqualTo(50);
        }

        live.Users.ShouldContain("n499");
    }

    [Fact]
    public async Task What_happens_while_a_user_is_read_from_the_store_is_not_lost()
    {
        await using var inner = new MemoryEventStore();
        var store = new SlowStore(inner);
        using var host = new ModelHost(TwoTastes.Train("popularity"), "memory");
        using var model = host.Rent();
        var live = new LiveHistories(longest: 10, mostUsers: 1);
        await inner.AppendAsync([new("a", "i1"), new("b", "i1")], null, Cancellation);
        await live.LoadAsync(inner, Cancellation);

        var brought = live.BringAsync("b", store, Cancellation).AsTask();
        var waiting = live.BringAsync("b", store, Cancellation).AsTask();
        live.Add("b", "i3", 3); // stored after the store was read
        store.Go.SetResult();
        await Task.WhenAll(brought, waiting);

        Since(live, "b", model).ShouldBe(["i1", "i3"]);
        store.Reads.ShouldBe(1);
    }

    [Theory]
    [InlineData("b", null)]
    [InlineData(null, "i1")]
    public async Task What_is_forgotten_while_the_store_is_being_read_does_not_come_back(string? user, string? item)
    {
        await using var inner = new MemoryEventStore();
        using var host = new ModelHost(TwoTastes.Train("popularity"), "memory");
        using var model = host.Rent();
        await inner.AppendAsync([new("a", "i1"), new("b", "i1"), new("b", "i2")], null, Cancellation);

        var (ofAll, whole) = (new SlowStore(inner), new LiveHistories(longest: 10));
        var loaded = whole.LoadAsync(ofAll, Cancellation);
        var (ofUser, partial) = (new SlowStore(inner), new LiveHistories(longest: 10, mostUsers: 1));
        await partial.LoadAsync(inner, Cancellation);
        var brought = partial.BringAsync("b", ofUser, Cancellation).AsTask();

        await inner.ForgetAsync(new InteractionFilter { User = user, Item = item }, Cancellation);
        whole.Forget(user, item);
        partial.Forget(user, item);
        ofAll.Go.SetResult();
        ofUser.Go.SetResult();
        await Task.WhenAll(loaded, brought);
        await partial.BringAsync("b", inner, Cancellation);

        string[] left = item is null ? [] : ["i2"];
        Since(whole, "b", model).ShouldBe(left);
        Since(partial, "b", model).ShouldBe(left);
    }

    [Fact]
    public async Task What_the_model_learned_from_is_not_new_but_what_was_held_out_is()
    {
        await using var store = new MemoryEventStore();
        using var host = new ModelHost(TwoTastes.Train("popularity", storeUntil: 3), "memory");
        using var model = host.Rent();
        var learned = model.Recommender.HistoryOf("u0")[0];
        var heldOut = Enumerable.Range(0, TwoTastes.Items).Select(TwoTastes.Item).First(item => !model.Recommender.HistoryOf("u0").Contains(item));
        await store.AppendAsync([new("u0", learned), new("u0", heldOut), new("u1", "i0")], null, Cancellation);
        await store.AppendAsync([new("u0", learned)], null, Cancellation);
        var live = new LiveHistories(longest: 10);

        (await live.LoadAsync(store, Cancellation)).ShouldBe(4);

        // Number 1 was learned, 2 was kept from the model, 4 happened after, if with an item that is known.
        Since(live, "u0", model).ShouldBe([heldOut, learned]);
        Since(live, "u1", model).ShouldBe(["i0"]);
    }

    private static IEnumerable<string> Since(LiveHistories live, string user, ModelLease model) => live.Since(user, model).Select(one => one.Item);

    private sealed class SlowStore(IEventStore inner) : IEventStore
    {
        public TaskCompletionSource Go { get; } = new();

        public int Reads { get; private set; }

        public async Task<IReadOnlyList<StoredInteraction>> ReadUserAsync(string user, int count, CancellationToken cancellation)
        {
            Reads++;
            var found = await inner.ReadUserAsync(user, count, cancellation);
            await Go.Task;
            return found;
        }

        public Task<AppendReceipt> AppendAsync(IReadOnlyList<Interaction> interactions, string? idempotencyKey, CancellationToken cancellation) => inner.AppendAsync(interactions, idempotencyKey, cancellation);

        public async IAsyncEnumerable<StoredInteraction> ReadAsync(long after, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
        {
            var found = await inner.ReadAsync(after, cancellation).ToListAsync(cancellation);
            await Go.Task;
            foreach (var one in found)
            {
                yield return one;
            }
        }

        public Task PutAsync(EntityKind kind, IReadOnlyList<EntityRecord> records, CancellationToken cancellation) => inner.PutAsync(kind, records, cancellation);

        public IAsyncEnumerable<EntityRecord> ReadRecordsAsync(EntityKind kind, CancellationToken cancellation) => inner.ReadRecordsAsync(kind, cancellation);

        public Task<long> CountAsync(InteractionFilter filter, CancellationToken cancellation) => inner.CountAsync(filter, cancellation);

        public Task<long> ForgetAsync(InteractionFilter filter, CancellationToken cancellation) => inner.ForgetAsync(filter, cancellation);

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
