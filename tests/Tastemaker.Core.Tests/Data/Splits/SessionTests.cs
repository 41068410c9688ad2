using CsCheck;
using Tastemaker.Data;
using Tastemaker.Data.Splits;

namespace Tastemaker.Core.Tests.Data.Splits;

public class SessionTests
{
    private static readonly Dataset Clicks = GeneratedData.Rows(
        ("old", "a", 1, 0), ("old", "b", 1, 10), ("old", "c", 1, 20),
        ("mid", "a", 1, 50), ("mid", "c", 1, 120),
        ("new", "a", 1, 130), ("new", "a", 1, 140), ("new", "x", 1, 145), ("new", "b", 1, 150),
        ("one", "c", 1, 150), ("one", "y", 1, 150));

    [Fact]
    public void Every_event_but_the_first_is_asked_given_the_events_before()
    {
        var split = new Sessions(25, 0).Apply(Clicks, 0);
        split.Train.Data.Users.Ids.ShouldBe(["old", "mid"]);
        split.Train.Data.Items.Ids.ShouldBe(["a", "b", "c"]);
        split.Test.Excluded.ShouldBeNull();
        Requests(split).ShouldBe(["a > a", "a a > b"]);
        split.Test.Requests.HistoryTimes(1).ToArray().ShouldBe([130_000_000L, 140_000_000L]);
        split.SeenAreCandidates.ShouldBe(true);
        split.Notes.ShouldContain("2 test events of items that never occur in training were left out, and 1 test sessions of fewer than two remaining events.");
        split.ShouldKeepTheContract(repeats: true);
    }

    [Fact]
    public void Placed_by_their_last_event_sessions_stay_whole()
    {
        // The part begins at 150 - 40 = 110: "mid" ends in it.
        var split = new Sessions(40, 0, SessionTimestamp.Last).Apply(Clicks, 0);
        split.Train.Data.Pairs().ShouldBe(["old a", "old b", "old c"]);
        Requests(split).ShouldBe(["a > c", "a > a", "a a > b"]);
    }

    [Fact]
    public void Placed_by_their_first_event_training_ends_where_testing_begins()
    {
        var split = new Sessions(40, 0, SessionTimestamp.First).Apply(Clicks, 0);
        split.Train.Data.Pairs().ShouldBe(["old a", "old b", "old c", "mid a"]);
        split.Notes.ShouldContain(note => note.Contains("1 later events of earlier sessions were left out"));
    }

    [Fact]
    public void Validation_is_cut_from_what_remains()
    {
        var split = new Sessions(25, 90).Apply(Clicks, 0);
        split.Train.Data.Users.Ids.ShouldBe(["old"]);
        split.Validation!.Count.ShouldBe(1);
        Should.Throw<InputException>(() => split.WithValidationInTraining()).Message.ShouldContain("not supported");
    }

    [Fact]
    public void Training_by_first_events_ends_before_testing_begins() => Gen.ULong.Sample(seed =>
    {
        var data = GeneratedData.Ratings(seed, 200, 30, 0.05);
        var shifted = data with
        {
            // Sessions of an hour, one after the other.
            Interactions = new Interactions(
                [.. data.Interactions.Users], [.. data.Interactions.Items], null, [.. data.Listing().Select(row => Timestamps.OfSeconds((long.Parse(row.User) * 900) + (row.Time % 7200)))]),
        };
        var split = new Sessions(20_000, 20_000, SessionTimestamp.First).Apply(shifted, 0);
        split.ShouldKeepTheContract(repeats: true);
        var trained = Enumerable.Max(split.Train.Interactions.Times.ToArray());
        Enumerable.Range(0, split.Test.Count).Min(request => split.Test.Requests.HistoryTimes(request)[0]).ShouldBeGreaterThan(trained);
    }, iter: 10);

    [Fact]
    public void A_part_without_a_usable_session_is_refused() =>
        Should.Throw<InputException>(() => new Sessions(1, 0).Apply(GeneratedData.Rows(("s", "a", 1, 0), ("s", "b", 1, 1), ("t", "c", 1, 90), ("t", "d", 1, 91)), 0))
            .Message.ShouldContain("no test session with two items");

    internal static string[] Requests(Split split) => [.. Enumerable.Range(0, split.Test.Count).Select(request =>
        $"{string.Join(' ', split.Test.Requests.History(request).ToArray().Select(item => split.Train.Data.Items[item]))} > {split.Train.Data.Items[split.Test.Targets[request][0]]}")];
}
