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

        live.Since("new", model).ShouldBe(["i3", "i4", "i5"]);
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

        live.Since("new", model).ShouldBe(["i1", "i2", "i3", "i4"]);
    }

    [Fact]
    public void Requests_of_users_with_news_carry_the_whole_history_and_others_stay()
    {
        using var host = new ModelHost(TwoTastes.Train("popularity"), "memory");
        using var model = host.Rent();
        var live = new LiveHistories(longest: 10);
        live.Add("u0", "i1", 1);
        live.Add("u0", "not in the catalog", 2);
        var own = Request.ForHistory("i5") with { User = "u0" };

        live.Complete(Request.ForUser("u0"), model).History.ShouldBe([.. model.Recommender.HistoryOf("u0"), "i1"]);
        live.Complete(Request.ForUser("u1"), model).ShouldBe(Request.ForUser("u1"));
        live.Complete(own, model).ShouldBeSameAs(own);
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

        (await live.LoadAsync(store, 0, Cancellation)).ShouldBe(4);

        // Number 1 was learned, 2 was kept from the model, 4 happened after, if with an item that is known.
        live.Since("u0", model).ShouldBe([heldOut, learned]);
        live.Since("u1", model).ShouldBe(["i0"]);
    }
}
