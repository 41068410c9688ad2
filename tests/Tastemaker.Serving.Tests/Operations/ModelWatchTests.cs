using Tastemaker.Serving.Operations;

namespace Tastemaker.Serving.Tests.Operations;

/// <summary>What operators see of a model: how much of the catalog it shows, and whether its scores move.</summary>
public sealed class ModelWatchTests
{
    [Fact]
    public void Coverage_counts_each_item_once_and_forgets_after_two_hours()
    {
        var clock = new SetClock();
        var coverage = new CatalogCoverage(100, clock);
        coverage.Show([0, 1, 99]);
        coverage.Show([1, -1]);
        coverage.Share.ShouldBe(0.03);

        clock.Now += TimeSpan.FromMinutes(61);
        coverage.Show([2]);
        coverage.Share.ShouldBe(0.04);

        clock.Now += TimeSpan.FromMinutes(61);
        coverage.Share.ShouldBe(0.01);

        clock.Now += TimeSpan.FromHours(3);
        coverage.Share.ShouldBe(0);
    }

    [Fact]
    public void Scores_that_stay_as_they_were_do_not_drift_and_scores_that_move_do()
    {
        var drift = new ScoreDrift();
        Show(drift, 1999, score => score);
        drift.Index.ShouldBeNull();
        Show(drift, 1, score => score);
        drift.Index!.Value.ShouldBeLessThan(0.01);

        Show(drift, 1000, score => score + 500);
        drift.Index!.Value.ShouldBeGreaterThan(1);
        Show(drift, 1000, score => score);
        drift.Index!.Value.ShouldBeLessThan(0.01);
    }

    [Fact]
    public void The_index_is_that_of_the_definition()
    {
        var drift = new ScoreDrift();
        Show(drift, 1000, score => score);

        // All of the last thousand in the lowest decile: (1 - .1) ln (1 / .1) + 9 (.0005 - .1) ln (.0005 / .1).
        Show(drift, 1000, _ => 0);

        drift.Index!.Value.ShouldBe((0.9 * Math.Log(10)) + (9 * (0.0005 - 0.1) * Math.Log(0.005)), 1e-9);
    }

    // Scores 0 to 999 in a mixed order.
    private static void Show(ScoreDrift drift, int lists, Func<float, float> change)
    {
        for (var list = 0; list < lists; list++)
        {
            drift.Show(change(list * 7 % 1000));
        }
    }

    private sealed class SetClock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2024, 5, 6, 12, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
