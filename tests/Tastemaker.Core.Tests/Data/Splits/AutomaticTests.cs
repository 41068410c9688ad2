using Tastemaker.Data;
using Tastemaker.Data.Features;
using Tastemaker.Data.Splits;

namespace Tastemaker.Core.Tests.Data.Splits;

public class AutomaticTests
{
    [Fact]
    public void Splits_say_whether_seen_items_are_candidates()
    {
        var data = GeneratedData.Rows(("u", "a", 1, 0), ("u", "b", 2, 1), ("u", "a", 3, 5), ("v", "a", 1, 0), ("v", "c", 4, 6), ("v", "d", 5, 7));

        new Temporal { TestFrom = 5 }.Apply(data, 0).SeenAreCandidates.ShouldBe(false);
        (new Temporal { TestFrom = 5 } with { IncludeSeen = true }).Apply(data, 0).SeenAreCandidates.ShouldBe(true);
        new NoHoldOut().Apply(data, 0).SeenAreCandidates.ShouldBe(false);
        (new NoHoldOut() with { IncludeSeen = true }).Apply(data, 0).SeenAreCandidates.ShouldBe(true);
        new Temporal { Test = 0.3m, Validation = 0.2m }.Apply(data, 0).WithValidationInTraining().SeenAreCandidates.ShouldBe(false);
    }

    [Fact]
    public void Without_times_each_user_gives_random_interactions()
    {
        var split = new Automatic().Apply(GeneratedData.Ratings(1).WithoutTimes(), 42);
        split.Description.ShouldStartWith("ratio-by-user(test=0.2,validation=0.1) seed 42");
        split.Notes.ShouldContain(note => note.Contains("no times") && note.Contains("--split"));
    }

    [Fact]
    public void With_times_and_users_who_come_back_the_cut_is_at_one_moment()
    {
        var split = SplitterSyntax.Parse("auto").Apply(GeneratedData.Ratings(1), 42);
        split.Description.ShouldStartWith("temporal");
        split.Notes[0].ShouldContain("by time");
    }

    [Theory]
    [InlineData("session_id", "The users are sessions ('session_id'): --split sessions")]
    [InlineData("user_id", null)]
    public void Who_has_sessions_for_users_learns_of_the_split_by_sessions(string column, string? note)
    {
        var data = GeneratedData.Ratings(1) with { RoleColumns = new Dictionary<string, string> { ["user"] = column } };

        new Automatic().Apply(data, 42).Notes[0].Contains(note ?? "sessions", StringComparison.Ordinal).ShouldBe(note is not null);
        var brief = data.Restrict([.. data.AllRows().GroupBy(row => data.Interactions.Users[row]).SelectMany(rows => rows.Take(2))], "two events each");
        new Automatic().Apply(brief, 42).Notes[0].Contains(note ?? "sessions", StringComparison.Ordinal).ShouldBe(note is not null);
        new Automatic().Apply(data.WithoutTimes(), 42).Notes[0].ShouldNotContain("sessions");
    }

    [Fact]
    public void A_column_of_sessions_beside_the_users_is_named_with_how_to_split_by_it()
    {
        var data = GeneratedData.Ratings(1);
        var column = new CategoricalColumn("SessionID", new Vocabulary(data.AllRows().Select(row => $"{row / 5}").Distinct()), [.. data.AllRows().Select(row => row / 5)]);

        new Automatic().Apply(data with { InteractionFeatures = new FeatureTable(column.RowCount, [column]) }, 42).Notes[0].ShouldContain("--user-column SessionID --split sessions");
    }

    [Fact]
    public void Where_most_users_of_the_newest_part_are_new_each_users_newest_are_held_out()
    {
        // Each user is there for one day only, as in MovieLens.
        var rows = Enumerable.Range(0, 40).SelectMany(user => Enumerable.Range(0, 10).Select(place => ($"u{user}", $"i{(user + place) % 20}", 1f, (user * 86400L) + place))).ToArray();
        var split = new Automatic().Apply(GeneratedData.Rows(rows), 42);
        split.Description.ShouldStartWith("ratio-by-user(test=0.2,validation=0.1,by=time)");
        split.Listing(split.Test).ShouldContain("u0 i9");
        split.Listing(split.Validation).ShouldContain("u0 i7");
    }

    [Fact]
    public void Times_that_are_mostly_one_and_the_same_order_nothing()
    {
        var data = GeneratedData.Rows([.. Enumerable.Range(0, 100).Select(row => ($"u{row % 10}", $"i{row / 10}", 1f, row < 60 ? 0L : row))]);
        new Automatic().Apply(data, 1).Description.ShouldStartWith("ratio-by-user(test=0.2,validation=0.1) seed");
    }

    [Fact]
    public void Users_of_a_few_interactions_each_are_split_regardless_of_user()
    {
        var rows = Enumerable.Range(0, 300).Select(row => ($"u{row / 2}", $"i{row % 17}", 1f, 0L)).ToArray();
        var data = GeneratedData.Rows(rows).WithoutTimes();
        var split = new Automatic().Apply(data, 1);
        split.Description.ShouldStartWith("random(test=0.2,validation=0.1)");
        Should.Throw<InputException>(() => new RatioByUser(0.4m, 0.1m).Apply(data, 1)).Message.ShouldContain("--split \"random(test=0.2,validation=0.1)\"");
    }

    [Fact]
    public void Without_a_hold_out_all_is_trained_on()
    {
        var data = GeneratedData.Ratings(1);
        var split = SplitterSyntax.Parse("none").Apply(data, 1);
        split.Train.Data.Pairs().ShouldBe(data.Pairs());
        (split.HasTest, split.Validation).ShouldBe((false, null));
    }

    [Theory]
    [InlineData("temporal")]
    [InlineData("leave-one-out")]
    [InlineData("ratio-by-user(by=time)")]
    public void Parts_in_time_give_test_requests_the_validation_events_as_history(string text)
    {
        var data = GeneratedData.Ratings(4, density: 0.6);
        var split = SplitterSyntax.Parse(text).Apply(data, 1);
        var times = data.Listing().ToDictionary(row => $"{row.User} {row.Item}", row => row.Time);
        var held = split.Listing(split.Test).Concat(split.Listing(split.Validation)).ToHashSet();
        var tested = split.Listing(split.Test).ToHashSet();
        for (var request = 0; request < split.Test.Count; request++)
        {
            if (split.Test.Requests.Users[request] is not (>= 0 and var user))
            {
                continue;
            }

            var name = data.Users[user];
            var history = split.Test.Requests.History(request).ToArray().Select(item => $"{name} {data.Items[item]}").ToList();
            history.Order().ShouldBe(data.Pairs().Where(pair => pair.StartsWith($"{name} ") && !tested.Contains(pair)).Order());
            history.Select(pair => times[pair]).ShouldBe(history.Select(pair => times[pair]).Order());
        }

        split.Validation!.Requests.Users.ToArray().Index().Where(pair => pair.Item >= 0).ShouldAllBe(pair =>
            !split.Validation.Requests.History(pair.Index).ToArray().Any(item => held.Contains($"{data.Users[pair.Item]} {data.Items[item]}")));
    }

    [Fact]
    public void Milliseconds_order_what_seconds_cannot()
    {
        // Three events within one second: the item with the largest index is not the newest.
        var data = GeneratedData.Rows(("u", "a", 1, 0), ("u", "b", 1, 0), ("u", "c", 1, 0));
        var fine = data with { Interactions = new Interactions([0, 0, 0], [0, 1, 2], null, [500_000, 900_000, 700_000]) };
        var split = new LeaveOneOut().Apply(fine, 1);
        (split.Listing(split.Test).Single(), split.Listing(split.Validation).Single()).ShouldBe(("u b", "u c"));
        split.Notes.ShouldNotContain(note => note.Contains("same time"));
    }

    [Fact]
    public void Repeats_are_targets_where_asked_for()
    {
        var data = GeneratedData.Rows(("u", "a", 1, 0), ("u", "b", 1, 1), ("u", "a", 1, 5), ("v", "a", 1, 2), ("v", "c", 1, 6));
        var without = new Temporal { TestFrom = 5 }.Apply(data, 0);
        without.Listing(without.Test).ShouldBe(["v c"]);
        var with = (new Temporal { TestFrom = 5 } with { IncludeSeen = true }).Apply(data, 0);
        with.Listing(with.Test).ShouldBe(["u a", "v c"]);
        with.Test.Excluded.ShouldBeNull();
        Should.Throw<InputException>(() => (new StrongGeneralization() with { IncludeSeen = true }).Apply(data, 0)).Message.ShouldContain("include-seen");
    }
}
