using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Tastemaker.Models.Baselines;
using Tastemaker.Options;
using Tastemaker.Recommending;
using Tastemaker.Retrieval;
using Tastemaker.Serving.Events;

namespace Tastemaker.Serving.Tests;

/// <summary>What the service keeps of events, and forgets.</summary>
public sealed class StoredEventsTests : ServedSystem
{
    [Fact]
    public async Task What_is_forgotten_is_gone_from_lists_and_from_the_store()
    {
        var store = Folder.At("events.db");
        var service = await Serve("ease", store);
        await service.AppendAsync([new("ann", "i1"), new("ann", "i3"), new("bob", "i3"), new("bob", "i5")], cancellation: Cancellation);

        (await service.ForgetAsync("ann", null, Cancellation)).ShouldBe(2);
        (await service.ForgetAsync(null, "i3", Cancellation)).ShouldBe(1);

        (await service.HistoryOfAsync("ann", Cancellation)).ShouldBeEmpty();
        (await service.HistoryOfAsync("bob", Cancellation)).ShouldBe(["i5"]);
        await Should.ThrowAsync<InputException>(service.ForgetAsync(null, null, Cancellation));
        await Providers[0].DisposeAsync();
        (await (await Serve("ease", store)).HistoryOfAsync("bob", Cancellation)).ShouldBe(["i5"]);
    }

    [Fact]
    public async Task A_store_that_was_imported_from_the_training_data_counts_nothing_twice()
    {
        var store = Folder.At("events.db");
        await using (var opened = EventStores.Open(store))
        {
            await EventStores.ImportAsync(opened, TwoTastes.Data(), cancellation: Cancellation);
        }

        var service = await Serve("ease", store);
        var data = TwoTastes.Data();
        var known = 0;
        for (var user = 0; user < TwoTastes.Users; user++)
        {
            var own = Enumerable.Range(0, data.Interactions.Count).Where(row => data.Interactions.Users[row] == user).Select(row => data.Items[data.Interactions.Items[row]]);
            var history = await service.HistoryOfAsync(TwoTastes.User(user), Cancellation);
            history.ShouldBe(own, ignoreOrder: true);
            history.ShouldBeUnique();
            known++;
        }

        known.ShouldBe(TwoTastes.Users);

        // What happens again after training does count.
        var again = (await service.HistoryOfAsync("u0", Cancellation))[0];
        await service.AppendAsync([new("u0", again)], cancellation: Cancellation);
        (await service.HistoryOfAsync("u0", Cancellation)).Count(item => item == again).ShouldBe(2);
    }

    [Fact]
    public async Task What_is_in_the_store_is_known_after_a_restart()
    {
        var store = Folder.At("events.db");
        var service = await Serve("ease", store);
        await service.AppendAsync([new("u0", "i1"), new("newcomer", "i3"), new("newcomer", "i5")], cancellation: Cancellation);
        var (user, newcomer) = (await Ask(service, "u0", 10), await Ask(service, "newcomer", 10));
        await Providers[0].DisposeAsync();

        var again = await Serve("ease", store);

        (await again.HistoryOfAsync("newcomer", Cancellation)).ShouldBe(["i3", "i5"]);
        (await Ask(again, "u0", 10)).ShouldBe(user);
        (await Ask(again, "newcomer", 10)).ShouldBe(newcomer);
    }

    [Fact]
    public async Task What_is_dated_far_ahead_is_refused_and_what_a_clock_may_be_wrong_by_is_not()
    {
        var service = await Serve("ease");
        var now = DateTimeOffset.UtcNow;

        var refused = await Should.ThrowAsync<InputException>(service.AppendAsync([new("ann", "i1") { Time = now.AddHours(23) }, new("ann", "i3") { Time = now.AddHours(25) }], cancellation: Cancellation));

        refused.Problems.ShouldHaveSingleItem().ShouldStartWith("Interaction 2 of 2: 'ann' with 'i3': its time");
        (await service.HistoryOfAsync("ann", Cancellation)).ShouldBeEmpty();
        await service.AppendAsync([new("ann", "i1") { Time = now.AddHours(23) }], cancellation: Cancellation);
        (await service.HistoryOfAsync("ann", Cancellation)).ShouldBe(["i1"]);
    }

    [Fact]
    public async Task A_request_with_an_event_far_ahead_is_refused()
    {
        var service = await Serve("ease");
        Request With(double days) => new() { User = "u0", Events = [new("i1"), new("i3") { Time = DateTimeOffset.UtcNow.AddDays(days) }] };

        (await Answer(service, With(0.9), 3)).Items.Count.ShouldBe(3);
        (await Should.ThrowAsync<InputException>(Answer(service, With(2), 3))).Message.ShouldContain("Event 2 of 2, with item 'i3'");
    }
}
