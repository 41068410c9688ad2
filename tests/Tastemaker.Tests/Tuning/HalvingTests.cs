using Tastemaker.Tuning.Space;
using Tastemaker.Tuning.Trials;

namespace Tastemaker.Tests.Tuning;

public sealed class HalvingTests
{
    private static readonly HalvingRungs Rungs = HalvingRungs.Of(27, first: 3, measured: 1);

    private static bool Higher(double one, double other) => one > other;

    private static HashSet<int> Nobody => [];

    // A row a trial, a figure a rung; NaN stands for a failure.
    private static List<Trial> Table(params double[][] rows) =>
    [
        .. rows.Select((row, number) =>
        {
            var trial = new Trial(number, new TrialPoint([]));
            Array.ForEach(row, figure => trial.Add(new TrialResult { Metric = double.IsNaN(figure) ? null : figure, Ended = double.IsNaN(figure) }));
            return trial;
        }),
    ];

    [Theory]
    [InlineData(27, 3, 1, "3, 9, 27 epochs")]
    [InlineData(200, 0, 1, "7, 22, 66, 200 epochs")]
    [InlineData(20, 0, 1, "2, 6, 20 epochs")]
    [InlineData(20, 0, 5, "6, 20 epochs")]
    [InlineData(3, 0, 1, "1, 3 epochs")]
    public void Rungs_are_thirds_of_each_other(int epochs, int first, int measured, string expected) =>
        HalvingRungs.Of(epochs, first, measured).Text.ShouldBe(expected);

    [Theory]
    [InlineData(1, 0, 1, "1 epoch")]
    [InlineData(2, 0, 1, "2 epochs")]
    [InlineData(60, 0, 41, "first 41")]
    [InlineData(20, 10, 1, "10")]
    public void Too_few_epochs_are_refused(int epochs, int first, int measured, string expected) =>
        Should.Throw<InputException>(() => HalvingRungs.Of(epochs, first, measured)).Message.ShouldContain(expected);

    [Fact]
    public void The_best_third_of_a_rung_goes_on()
    {
        Rungs.Promotion(Table([0.1], [0.3]), Nobody, Higher).ShouldBeNull(); // of two, a third is nobody
        Rungs.Promotion(Table([0.1], [0.3], [0.2]), Nobody, Higher)!.Value.ShouldSatisfyAllConditions(
            promoted => promoted.Trial.Number.ShouldBe(1), promoted => promoted.Rung.ShouldBe(1));
        Rungs.Promotion(Table([0.1], [0.3, 0.4], [0.2]), Nobody, Higher).ShouldBeNull(); // the best third is up already
        Rungs.Promotion(Table([0.1], [0.3], [0.2]), Nobody, (one, other) => one < other)!.Value.Trial.Number.ShouldBe(0);
    }

    [Fact]
    public void Higher_rungs_come_first_and_trials_at_work_are_passed_over()
    {
        var trials = Table([0.9, 0.5], [0.8, 0.6], [0.7, 0.4], [0.95], [0.1], [0.2], [0.3], [0.1], [0.2], [0.3], [0.1], [0.2]);
        Rungs.Promotion(trials, Nobody, Higher)!.Value.ShouldSatisfyAllConditions(
            promoted => promoted.Trial.Number.ShouldBe(1), promoted => promoted.Rung.ShouldBe(2));
        Rungs.Promotion(trials, new HashSet<int> { 1 }, Higher)!.Value.ShouldSatisfyAllConditions(
            promoted => promoted.Trial.Number.ShouldBe(3), promoted => promoted.Rung.ShouldBe(1));
    }

    [Fact]
    public void A_failed_trial_fills_its_rung_and_does_not_go_on()
    {
        Rungs.Promotion(Table([double.NaN], [double.NaN], [0.1]), Nobody, Higher)!.Value.Trial.Number.ShouldBe(2);
        Rungs.Promotion(Table([double.NaN], [double.NaN], [double.NaN]), Nobody, Higher).ShouldBeNull();
    }

    [Fact]
    public void At_the_end_the_leader_and_then_the_default_are_trained_to_the_end()
    {
        Rungs.Finish(Table([0.1], [0.3, 0.4], [0.2]), Higher)!.Value.ShouldSatisfyAllConditions(
            next => next.Trial.Number.ShouldBe(1), next => next.Rung.ShouldBe(2));
        Rungs.Finish(Table([0.1], [0.3, 0.4, 0.5], [0.2]), Higher)!.Value.ShouldSatisfyAllConditions(
            next => next.Trial.Number.ShouldBe(0), next => next.Rung.ShouldBe(1));
        Rungs.Finish(Table([0.1, 0.2, 0.3], [0.3, 0.4, 0.5], [0.2]), Higher).ShouldBeNull();
        Rungs.Finish(Table([double.NaN]), Higher).ShouldBeNull();
    }
}
