using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Tastemaker.Models.Baselines;
using Tastemaker.Options;
using Tastemaker.Recommending;
using Tastemaker.Retrieval;
using Tastemaker.Serving.Events;

namespace Tastemaker.Serving.Tests;

/// <summary>The service as an application has it, on systems that were trained and saved.</summary>
public sealed class RecommendationServiceTests : ServedSystem
{
    [Theory]
    [InlineData("ease")]
    [InlineData("bpr-mf")]
    public async Task What_was_appended_leaves_the_next_list(string system)
    {
        var service = await Serve(system);
        for (var round = 0; round < 3; round++)
        {
            var best = (await Ask(service, "u0", 5))[0];
            await service.AppendAsync([new Interaction("u0", best)], cancellation: Cancellation);

            (await Ask(service, "u0", TwoTastes.Items)).ShouldNotContain(best);
            (await service.HistoryOfAsync("u0", Cancellation))[^1].ShouldBe(best);
        }
    }

    [Theory]
    [InlineData("ease")]
    [InlineData("bpr-mf")]
    [InlineData("cml")]
    public async Task A_cold_start_user_who_does_something_is_answered_to_the_taste_that_shows(string system)
    {
        var service = await Serve(system);
        (await Answer(service, Request.ForUser("newcomer"), 3)).Strategy.ShouldBe(AnswerSource.Popularity);

        await service.AppendAsync([new("newcomer", "i1"), new("newcomer", "i3"), new("newcomer", "i5")], cancellation: Cancellation);

        var answer = await Answer(service, Request.ForUser("newcomer"), 5);
        answer.Strategy.ShouldBe(AnswerSource.FoldIn);
        answer.Items.ShouldAllBe(item => !TwoTastes.IsEven(item.Item));
    }

    [Theory]
    [InlineData("ease")]
    [InlineData("bpr-mf")]
    public async Task Asked_together_is_answered_as_asked_alone(string system)
    {
        var service = await Serve(system);
        await service.AppendAsync([new("u3", "i3"), new("u3", "i4")], cancellation: Cancellation);
        List<RecommendationQuery> queries =
        [
            .. Enumerable.Range(0, TwoTastes.Users).Select(user => Query(Request.ForUser(TwoTastes.User(user)), 1 + (user % 7))),
            Query(Request.ForHistory("i0", "i2"), 4),
            Query(Request.ForUser("u1"), 4) with { Filter = new CandidateFilter { Exclude = ["i1", "i3", "i5"] } },
            Query(Request.ForUser("u1"), 4) with { Filter = new CandidateFilter { Candidates = ["i1", "i3", "i5", "i7"], IncludeSeen = true } },
            Query(Request.ForUser("u1"), 4) with { Skip = 3 },
        ];

        var together = await service.RecommendAllAsync(queries, Cancellation);

        for (var place = 0; place < queries.Count; place++)
        {
            var alone = await service.RecommendAsync(queries[place], Cancellation);
            together[place].Items.Select(item => item.Item).ShouldBe(alone.Items.Select(item => item.Item));
            together[place].Strategy.ShouldBe(alone.Strategy);
        }
    }

    [Fact]
    public async Task Filters_hold()
    {
        var service = await Serve("ease");
        var history = await service.HistoryOfAsync("u0", Cancellation);
        var best = await Ask(service, "u0", 2);

        (await Ask(service, "u0", TwoTastes.Items)).ShouldBe((await Ask(service, "u0", TwoTastes.Items)).Except(history));
        (await Ask(service, "u0", 50, new CandidateFilter { Exclude = best })).ShouldNotContain(best[0]);
        (await Ask(service, "u0", 50, new CandidateFilter { Exclude = best })).Count.ShouldBe(TwoTastes.Items - history.Count - 2);
        (await Ask(service, "u0", 50, new CandidateFilter { Candidates = [best[1], "unknown"] })).ShouldBe([best[1]]);
        (await Ask(service, "u0", 50, new CandidateFilter { IncludeSeen = true })).Count.ShouldBe(TwoTastes.Items);
    }

    [Fact]
    public async Task Pages_follow_each_other_without_overlap_or_gap()
    {
        var service = await Serve("ease");
        var whole = await Ask(service, "u2", TwoTastes.Items);
        var pages = new List<string>();
        for (var skip = 0; skip < TwoTastes.Items; skip += 4)
        {
            pages.AddRange((await service.RecommendAsync(Query(Request.ForUser("u2"), 4) with { Skip = skip }, Cancellation)).Items.Select(item => item.Item));
        }

        pages.ShouldBe(whole);
    }

    [Fact]
    public async Task Diversity_of_zero_changes_nothing_and_of_one_keeps_the_best_first()
    {
        var service = await Serve("bpr-mf");
        var plain = await Ask(service, "u0", 6);

        (await Diverse(0)).ShouldBe(plain);
        var diverse = await Diverse(1);
        diverse[0].ShouldBe(plain[0]);
        diverse.ShouldNotBe(plain);
        diverse.Distinct().Count().ShouldBe(6);

        async Task<List<string>> Diverse(double diversity) =>
            [.. (await service.RecommendAsync(Query(Request.ForUser("u0"), 6) with { Diversity = diversity }, Cancellation)).Items.Select(item => item.Item)];
    }

    [Fact]
    public async Task Reasons_come_from_the_history_and_are_of_the_items_taste()
    {
        var service = await Serve("ease");
        string[] history = ["i0", "i2", "i4", "i1"];

        var answer = await service.RecommendAsync(Query(Request.ForHistory(history), 3) with { Explain = true }, Cancellation);

        foreach (var item in answer.Items)
        {
            item.Because.ShouldNotBeNull().ShouldNotBeEmpty();
            item.Because.ShouldAllBe(reason => history.Contains(reason.Item!) && reason.Weight > 0);
            item.Because.Select(reason => reason.Weight).ShouldBeInOrder(SortDirection.Descending);
            TwoTastes.IsEven(item.Because[0].Item!).ShouldBe(TwoTastes.IsEven(item.Item));
        }
    }

    [Fact]
    public async Task A_list_whose_items_are_all_excluded_says_so_when_it_was_asked_for_with_others()
    {
        var service = await Serve("ease");
        var empty = Query(Request.ForUser("u0"), 3) with { Filter = new CandidateFilter { Exclude = [.. Enumerable.Range(0, TwoTastes.Items).Select(TwoTastes.Item)] } };

        var answers = await service.RecommendAllAsync([empty, Query(Request.ForUser("u1"), 3), empty], Cancellation);

        answers[0].Items.ShouldBeEmpty();
        answers[0].Notes.ShouldContain(note => note.StartsWith("The list is empty: ", StringComparison.Ordinal));
        answers[1].Notes.ShouldBeEmpty();
    }

    [Fact]
    public async Task Systems_that_read_features_name_those_that_speak_for_an_item()
    {
        var service = await Serve("fm");

        var answer = await service.RecommendAsync(Query(Request.ForUser("u1"), 3) with { Explain = true }, Cancellation);

        foreach (var item in answer.Items)
        {
            item.Because.ShouldNotBeNull().ShouldAllBe(reason => reason.Item == null && reason.Weight > 0);
            item.Because.Where(reason => reason.Feature == "item").ShouldAllBe(reason => reason.Value == item.Item);
        }

        (await service.RecommendAsync(Query(Request.ForUser("nobody"), 3) with { Explain = true }, Cancellation)).Items.ShouldAllBe(item => item.Because == null);
    }

    [Fact]
    public async Task An_index_beside_the_model_finds_the_same_lists_and_explains_as_before()
    {
        var exact = await Serve("bpr-mf");
        var expected = await exact.RecommendAsync(Query(Request.ForUser("u1"), 2) with { Explain = true }, Cancellation);
        using (var recommender = Recommender.Load(Folder.At("bpr-mf")))
        {
            InvertedIndex.Of(recommender, new IndexOptions { AimedRecall = 0.999 }).Save(Folder.At("bpr-mf/index.safetensors"));
        }

        await exact.ReloadAsync(cancellation: Cancellation);
        var found = await exact.RecommendAsync(Query(Request.ForUser("u1"), 2) with { Explain = true }, Cancellation);

        found.Items.Select(item => (item.Item, item.Because!.Count)).ShouldBe(expected.Items.Select(item => (item.Item, item.Because!.Count)));
    }

    [Fact]
    public async Task A_repeated_key_counts_once()
    {
        var service = await Serve("ease");
        var before = (await service.HistoryOfAsync("u0", Cancellation)).Count;
        var receipts = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => service.AppendAsync([new("u0", "i1")], "key", Cancellation)));

        receipts.Count(receipt => !receipt.Repeated).ShouldBe(1);
        (await service.HistoryOfAsync("u0", Cancellation)).Count.ShouldBe(before + 1);
    }

    [Theory]
    [InlineData("")]
    [InlineData("events.db")]
    public async Task Users_beyond_those_in_memory_are_answered_as_if_they_were(string file)
    {
        var store = file.Length == 0 ? "" : Folder.At(file);
        var roomy = await Serve("ease", store);
        var crowded = file.Length == 0 ? await Serve("ease", usersInMemory: 2) : roomy;
        foreach (var service in new[] { roomy, crowded }.Distinct())
        {
            for (var user = 0; user < 12; user++)
            {
                await service.AppendAsync([new($"new{user}", TwoTastes.Item(user)), new($"new{user}", TwoTastes.Item(user + 2))], cancellation: Cancellation);
            }
        }

        if (file.Length > 0)
        {
            await Providers[0].DisposeAsync();
            crowded = await Serve("ease", store, usersInMemory: 2);
            roomy = await Serve("ease", store);
        }

        for (var user = 0; user < 12; user++)
        {
            (await crowded.HistoryOfAsync($"new{user}", Cancellation)).ShouldBe([TwoTastes.Item(user), TwoTastes.Item(user + 2)]);
            (await Ask(crowded, $"new{user}", 5)).ShouldBe(await Ask(roomy, $"new{user}", 5));
            await crowded.AppendAsync([new($"new{user}", TwoTastes.Item(user + 4))], cancellation: Cancellation);
            (await crowded.HistoryOfAsync($"new{user}", Cancellation)).Count.ShouldBe(3);
        }

        // One that was in memory, gave way, and comes back.
        (await crowded.HistoryOfAsync("new0", Cancellation)).ShouldBe(["i0", "i2", "i4"]);
        crowded.FindUsers("new", 0, 100).Count.ShouldBeLessThanOrEqualTo(2);
        roomy.FindUsers("new", 0, 100).Count.ShouldBe(12);
        roomy.FindUsers("NEW", 3, 2).ShouldBe(roomy.FindUsers("new", 0, 100).Skip(3).Take(2));
    }

    [Fact]
    public async Task Wrong_queries_are_refused_all_at_once()
    {
        var service = await Serve("ease");
        var complaint = await Should.ThrowAsync<InputException>(service.RecommendAllAsync(
            [Query(new Request(), 3), Query(Request.ForUser("u0"), 0), Query(Request.ForUser("u0"), 3), Query(Request.ForUser("u0"), 3) with { Diversity = 2 }], Cancellation));

        complaint.Problems.Count.ShouldBe(3);
        complaint.Problems[1].ShouldStartWith("Query 2 of 4");
        await Should.ThrowAsync<InputException>(service.AppendAsync([], cancellation: Cancellation));
        (await Should.ThrowAsync<InputException>(service.AppendAsync([new("", "i1"), new("u0", " "), new("u0", "i1") { Value = float.NaN }], cancellation: Cancellation))).Problems.Count.ShouldBe(3);
        (await service.HistoryOfAsync("u0", Cancellation)).Count(item => item == "i1").ShouldBe(0);
    }

    [Fact]
    public async Task A_missing_model_fails_the_start()
    {
        var provider = new ServiceCollection().AddTastemaker(options => options.Model = Folder.At("nothing")).BuildServiceProvider();
        Providers.Add(provider);

        (await Should.ThrowAsync<InputException>(async () => await Start(provider))).Message.ShouldContain("no model");
    }
}
