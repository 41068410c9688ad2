using Tastemaker.Data;
using Tastemaker.Data.Splits;
using Tastemaker.Evaluation;
using Tastemaker.Recommending;

namespace Tastemaker.Core.Tests.Evaluation;

public class EventMetricTests
{
    private const long Hour = 3600L * Timestamps.PerSecond;

    [Fact]
    public void Events_are_walked_in_order_of_time_and_observed_after_they_were_predicted()
    {
        using var follower = new Follower();
        var result = new Evaluator(Cases.Train, Cases.Options(10, "mar", "return-time-mae")).Evaluate(follower, HoldOut(), cancellation: TestContext.Current.CancellationToken);

        follower.Asked.ShouldBe([(1, 1 * Hour), (0, 2 * Hour), (0, 5 * Hour)]);
        follower.Seen.ShouldBe([(1, 3), (0, 2), (0, 1)]);
        // Scores are those of the item number, less one for each observed event: ranks of item 3, 2, 1 of six are 3, 4, 5.
        result.Metrics["mar"].ShouldBe(4, 1e-12);
        // Each event is expected two hours after the last: 1, 2 - 1 = 1, 5 - 2 = 3 hours passed.
        result.Metrics["return-time-mae"].ShouldBe(1, 1e-12);
    }

    [Fact]
    public void Equal_scores_share_their_places()
    {
        using var table = new TableRecommender([.. Enumerable.Range(0, 3).Select(_ => new float[6])]);

        new Evaluator(Cases.Train, Cases.Options(10, "mar")).Evaluate(table, HoldOut(), cancellation: TestContext.Current.CancellationToken).Metrics["mar"].ShouldBe(3.5, 1e-12);
    }

    [Fact]
    public void Systems_that_expect_no_times_and_data_without_any_are_refused()
    {
        using var table = new TableRecommender([.. Enumerable.Range(0, 3).Select(_ => new float[6])]);

        Should.Throw<InputException>(() => new Evaluator(Cases.Train, Cases.Options(10, "return-time-mae")).Evaluate(table, HoldOut(), cancellation: TestContext.Current.CancellationToken)).Message.ShouldContain("take deep-coevolve");
        Should.Throw<InputException>(() => new Evaluator(Cases.Train, Cases.Options(10, "mar")).Evaluate(table, Cases.HoldOut, cancellation: TestContext.Current.CancellationToken)).Message.ShouldContain("this data has no times");
    }

    private static HoldOut HoldOut() => new()
    {
        Requests = new RequestBatch([0, 1], SparseRows.FromRows([[4], [5]], 6)),
        Targets = new SparseRows([0, 2, 3], [1, 2, 3], 6, null, [5 * Hour, 2 * Hour, 1 * Hour]),
    };

    private sealed class Follower() : TableRecommender([.. Enumerable.Range(0, 3).Select(_ => new float[6])]), IEventPredictor, IEventStream
    {
        private long last;

        public List<(int User, long Time)> Asked { get; } = [];

        public List<(int User, int Item)> Seen { get; } = [];

        public IEventStream Begin() => this;

        public void Score(int user, long time, Span<float> scores)
        {
            Asked.Add((user, time));
            for (var item = 0; item < scores.Length; item++)
            {
                scores[item] = item;
            }
        }

        public double Wait(int user, int item) => 2 * Hour;

        public long Last(int user, int item) => last;

        public long Now => last;

        public long Expected(int user, int item, long now) => now + (2 * Hour);

        public void Observe(int user, int item, long time)
        {
            Seen.Add((user, item));
            last = time;
        }
    }
}
