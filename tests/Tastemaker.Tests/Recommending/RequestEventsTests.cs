using Tastemaker.Data;
using Tastemaker.Inputs;
using Tastemaker.Options;
using Tastemaker.Recommending;
using Tastemaker.Systems;
using Tastemaker.Tests.Models.Baselines;

namespace Tastemaker.Tests.Recommending;

public class RequestEventsTests
{
    private const long Second = Timestamps.PerSecond;

    // User 0 rated items 0 and 1, user 1 item 2, user 2 nothing.
    private static readonly TrainingSet Train = Sample.Of(3, 5, (0, 0, 2f, 10 * Second), (0, 1, 4f, 20 * Second), (1, 2, 5f, 15 * Second));

    [Fact]
    public void Events_continue_the_stored_history_whose_values_and_times_stay_known()
    {
        using var recommender = Recommender();
        var request = Request.ForUser("u0") with { Events = [Event("i3", 2, 30), Event("i4", null, null), Event("i2", 3, 12)] };

        var batch = ResolvedRequest.Of(request, recommender).Batch;

        // What was told last happened at 12; item 4 has no time of its own and no rating: that of the event before it, and the highest.
        batch.History(0).ToArray().ShouldBe([0, 2, 1, 3, 4]);
        batch.HistoryTimes(0).ToArray().ShouldBe([10 * Second, 12 * Second, 20 * Second, 30 * Second, 30 * Second]);
        batch.HistoryValues(0).ToArray().ShouldBe([2, 3, 4, 2, 5]);
    }

    [Theory]
    [InlineData(true, Capabilities.Everyone, 0)]
    [InlineData(false, Capabilities.Everyone, -1)]
    [InlineData(false, Capabilities.KnownUsers, 0)]
    public void A_known_user_with_events_stays_that_user_where_the_system_follows_users_or_reads_no_histories(bool follows, Capabilities answers, int expected)
    {
        using var recommender = Recommender(follows, answers);
        ResolvedRequest.Of(Request.ForUser("u0") with { Events = [Event("i3", 1, 30)] }, recommender).Batch.Users[0].ShouldBe(expected);
        ResolvedRequest.Of(new Request { Events = [Event("i3", 1, 30)] }, recommender).Batch.Users[0].ShouldBe(-1);
    }

    [Fact]
    public void Joined_requests_keep_the_times_of_those_that_have_some_and_the_others_have_none()
    {
        using var recommender = Recommender();
        var requests = new[] { Request.ForHistory("i1", "i0"), Request.ForUser("u1") with { Events = [Event("i0", 2, 50)] }, Request.ForUser("u0") };
        var batch = recommender.Scoring.Plan(ResolvedRequest.Join([.. requests.Select(request => ResolvedRequest.Of(request, recommender))], recommender)).Answerable!;

        batch.HistoryTimes(0).ToArray().ShouldBeEmpty();
        batch.HistoryValues(0).ToArray().ShouldBe([5, 5]);
        batch.HistoryTimes(1).ToArray().ShouldBe([15 * Second, 50 * Second]);
        batch.HistoryValues(1).ToArray().ShouldBe([5, 2]);
        batch.HistoryTimes(2).ToArray().ShouldBe([10 * Second, 20 * Second]);
    }

    [Fact]
    public void Events_after_a_given_history_have_no_times_and_items_of_both_are_left_out_of_lists()
    {
        using var recommender = Recommender();
        var request = Request.ForHistory("i1") with { User = "u0", Events = [Event("i3", 1, 30), Event("nothing", 1, 31)] };
        var resolved = ResolvedRequest.Of(request, recommender);

        resolved.Batch.History(0).ToArray().ShouldBe([1, 3]);
        resolved.Batch.HistoryTimes(0).ToArray().ShouldBeEmpty();
        var list = recommender.Recommend(request, 5);
        list.Items.Select(item => item.Item).Order().ShouldBe(["i0", "i2", "i4"]);
        list.Notes.ShouldContain(note => note.Contains("'nothing' is not in the catalog"));
        Should.Throw<InputException>(() => recommender.Recommend(new Request(), 5));
    }

    [Theory]
    [InlineData(true, null, "Fixed reads what a user did by its times, and the given history has none: the given one only keeps its items out of the list.")]
    [InlineData(true, true, "Fixed reads what a user did by its times, and the given history has none: the given one had no effect.")]
    [InlineData(false, null, "Fixed does not read histories: the given one only keeps its items out of the list.")]
    public void A_user_with_a_history_that_the_system_does_not_read_is_told_of_it(bool follows, bool? includesSeen, string note)
    {
        using var recommender = Recommender(follows, Capabilities.KnownUsers);
        recommender.Recommend(Request.ForHistory("i1") with { User = "u0" }, 2, new CandidateFilter { IncludeSeen = includesSeen }).Notes.ShouldBe([note]);
    }

    [Fact]
    public void Values_off_the_scale_are_clipped_with_a_note_and_what_is_no_number_is_refused()
    {
        using var recommender = Recommender();
        var request = Request.ForUser("u1") with { Events = [Event("i3", 99, 30), Event("i4", -1e30f, 31), Event("i0", 3, 32)] };

        ResolvedRequest.Of(request, recommender).Batch.HistoryValues(0).ToArray().ShouldBe([5, 5, 2, 3]); // the data has ratings from 2 to 5
        recommender.Recommend(request, 5).Notes.ShouldContain(note => note.StartsWith("2 values of events lie outside the scale of the data, 2 to 5"));
        Should.Throw<InputException>(() => recommender.Recommend(Request.ForUser("u1") with { Events = [Event("i3", float.NaN, 30)] }, 5)).Message.ShouldContain("'i3' has the value NaN");
    }

    [Fact]
    public void First_events_without_a_time_take_the_first_that_is_known_and_of_none_all_are_unknown()
    {
        using var recommender = Recommender();
        RequestBatch Of(params RequestEvent[] events) => ResolvedRequest.Of(new Request { Events = events }, recommender).Batch;

        Of(Event("i0", 3, null), Event("i1", 3, 40), Event("i2", 3, null)).HistoryTimes(0).ToArray().ShouldBe([40 * Second, 40 * Second, 40 * Second]);
        Of(Event("i0", 3, null), Event("i1", 3, null)).HistoryTimes(0).ToArray().ShouldBeEmpty();
    }

    private static RequestEvent Event(string item, float? value, int? seconds) => new(item) { Value = value, Time = seconds is { } at ? DateTimeOffset.FromUnixTimeSeconds(at) : null };

    private static TrainedRecommender Recommender(bool follows = true, Capabilities answers = Capabilities.Everyone)
    {
        var shape = ModelShape.Of(Train);
        return new TrainedRecommender(FixedModel.Info(answers) with { FollowsUsers = follows }, new FixedRatingModel(shape), RecommenderSnapshot.Of(Train), new RecommenderOrigin
        {
            Options = new FixedOptions(), Training = new TrainingOptions(), Data = "sample", DataFingerprint = "1", Split = "none", SplitFingerprint = "2", Library = "0",
        });
    }
}
