using Tastemaker.Data;
using Tastemaker.Inputs;
using Tastemaker.Models.Baselines;
using Tastemaker.Options;

namespace Tastemaker.Tests.Models.Baselines;

public sealed class PopularityTests
{
    private const long Day = 86_400 * Timestamps.PerSecond;

    [Fact]
    public void Users_are_counted_once_and_events_as_often_as_they_happen()
    {
        var train = Sample.Of(3, 4, (0, 0, 1, 0), (0, 0, 1, 1), (1, 0, 1, 2), (2, 2, 1, 3));

        Counts(train, new PopularityOptions()).ShouldBe([2, 0, 1, 0]);
        Counts(train, new PopularityOptions { Measure = PopularityMeasure.Events }).ShouldBe([3, 0, 1, 0]);
    }

    [Fact]
    public void Everyone_gets_the_same_scores()
    {
        var train = Sample.Random();
        var scores = Fit(train, new PopularityOptions()).Scores(Sample.KnownUsers(train));

        scores.ShouldAllBe(row => row.SequenceEqual(scores[0]));
    }

    [Theory]
    [InlineData(PopularityMeasure.Users)]
    [InlineData(PopularityMeasure.Events)]
    [InlineData(PopularityMeasure.MeanValue)]
    public void Slow_decay_tends_to_no_decay(PopularityMeasure measure)
    {
        var train = Sample.Random();
        var plain = Counts(train, new PopularityOptions { Measure = measure });
        var decayed = Counts(train, new PopularityOptions { Measure = measure, DecayDays = 1e9 });

        Sample.ShouldBeClose(decayed, [.. plain.Select(count => (double)count)], 1e-6);
    }

    [Fact]
    public void An_interaction_of_age_tau_counts_1_over_e()
    {
        var train = Sample.Of(2, 2, (0, 0, 1, 0), (1, 1, 1, 10 * Day));

        Sample.ShouldBeClose(Counts(train, new PopularityOptions { DecayDays = 10 }), [Math.Exp(-1), 1]);
    }

    [Fact]
    public void A_repeat_counts_at_its_latest_time()
    {
        var train = Sample.Of(1, 1, (0, 0, 1, 10 * Day), (0, 0, 1, 0));

        Counts(train, new PopularityOptions { DecayDays = 10 }).ShouldBe([1]);
        Sample.ShouldBeClose(Counts(train, new PopularityOptions { DecayDays = 10, Measure = PopularityMeasure.Events }), [1 + Math.Exp(-1)]);
    }

    [Fact]
    public void Recent_days_leave_out_what_is_older()
    {
        var train = Sample.Of(3, 2, (0, 0, 1, 0), (1, 0, 1, 5 * Day), (2, 1, 1, 8 * Day));

        Counts(train, new PopularityOptions { RecentDays = 3 }).ShouldBe([1, 1]);
        Counts(train, new PopularityOptions { RecentDays = 2.9 }).ShouldBe([0, 1]);
    }

    [Fact]
    public void The_mean_value_is_damped_towards_the_mean_of_all()
    {
        var train = Sample.Of(3, 3, (0, 0, 5, 0), (1, 1, 2, 0), (2, 1, 2, 0));

        // mu = 3; item 2 has no ratings and gets mu.
        Sample.ShouldBeClose(
            Counts(train, new PopularityOptions { Measure = PopularityMeasure.MeanValue, Damping = 2 }), [(5 + 6) / 3.0, (4 + 6) / 4.0, 3]);
    }

    [Fact]
    public void What_the_data_lacks_is_named_all_at_once()
    {
        var train = Sample.WithoutValuesAndTimes(Sample.Random());
        var model = new Popularity(ModelShape.Of(train), new PopularityOptions { DecayDays = 3, Measure = PopularityMeasure.MeanValue });

        var thrown = Should.Throw<InputException>(() => model.Begin(train, new TrainingOptions()));

        thrown.Problems.Count.ShouldBe(2);
        thrown.Problems[0].ShouldContain("time");
        thrown.Problems[1].ShouldContain("value");
    }

    [Fact]
    public void Of_labelled_data_what_was_shown_and_not_taken_makes_nothing_popular()
    {
        var rows = Sample.Of(3, 3, (0, 0, 1f, 1), (0, 2, 0f, 2), (1, 0, 1f, 3), (1, 1, 0f, 4), (2, 1, 1f, 5), (2, 2, 0f, 6));
        var train = new TrainingSet(rows.Data with { IsLabelled = true });
        Counts(train, new PopularityOptions()).ShouldBe([2, 1, 0]);
        Counts(train, new PopularityOptions { Measure = PopularityMeasure.Events }).ShouldBe([2, 1, 0]);
    }

    [Fact]
    public void An_empty_catalog_and_an_empty_user_are_no_reason_to_throw()
    {
        Fit(Sample.Of(1, 0), new PopularityOptions()).Scores(Sample.ColdStartUsers([])).ShouldBeEmpty();
        Counts(Sample.Of(2, 2, (0, 1, 1, 0)), new PopularityOptions { RecentDays = 1 }).ShouldBe([0, 1]);
    }

    private static Popularity Fit(Data.TrainingSet train, PopularityOptions options) => new Popularity(ModelShape.Of(train), options).Fit(train);

    private static float[] Counts(Data.TrainingSet train, PopularityOptions options) => Fit(train, options).Scores(Sample.ColdStartUsers([0]))[0];
}
