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
    public void A_split_has_all_events_walked_repeats_are_predicted_and_those_of_validation_observed()
    {
        var split = Shop();

        using var atTest = new Follower();
        Measure(split.Train, atTest, split.Test);
        // User 2 has nothing in training. Of validation, user 1's event at 7 and the repeat of user 0 at 6 are observed and not predicted; user 0's second visit to item 0 at 9 is an event like others.
        atTest.Seen.ShouldBe([(0, 0), (1, 2), (1, 0), (0, 0)]);
        atTest.Asked.ShouldBe([(1, 8 * Hour), (0, 9 * Hour)]);

        using var atValidation = new Follower();
        Measure(split.Train, atValidation, split.Validation!);
        atValidation.Asked.ShouldBe([(0, 6 * Hour), (1, 7 * Hour)]);
        atValidation.Seen.ShouldBe([(0, 0), (1, 2)]);

        using var retrained = new Follower();
        var whole = split.WithValidationInTraining();
        Measure(whole.Train, retrained, whole.Test);
        retrained.Seen.ShouldBe([(1, 0), (0, 0)]);
    }

    [Fact]
    public void A_system_that_follows_nothing_scores_each_user_once_with_all_that_came_before()
    {
        var split = Shop();
        using var table = new Counting();

        Measure(split.Train, table, split.Test).ShouldBe((1 + 2.5) / 2, 1e-12); // user 0 has item 0 twice; user 1 has it once, like three others
        table.Histories.ShouldBe(["0 1 4 0", "0 1 5 2"]);
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

    private static double Measure(TrainingSet train, IRecommender recommender, HoldOut holdOut) =>
        new Evaluator(train, Cases.Options(10, "mar")).Evaluate(recommender, holdOut, cancellation: TestContext.Current.CancellationToken).Metrics["mar"];

    // An event per hour, of which 6 and 7 are of the validation part and 8 to 10 of the test part.
    private static Split Shop()
    {
        (int User, int Item)[] events = [(0, 0), (1, 0), (0, 1), (1, 1), (0, 4), (1, 5), (0, 0), (1, 2), (1, 0), (0, 0), (2, 1)];
        return new Temporal { ValidationFrom = 6 * 3600, TestFrom = 8 * 3600 }.Apply(
            new Dataset
            {
                Name = "shop",
                Users = new Vocabulary(["u0", "u1", "u2"]),
                Items = new Vocabulary(["i0", "i1", "i2", "i3", "i4", "i5"]),
                Interactions = new Interactions([.. events.Select(of => of.User)], [.. events.Select(of => of.Item)], null, [.. events.Select((_, hour) => hour * Hour)]),
            },
            1);
    }

    private static HoldOut HoldOut() => new()
    {
        Requests = new RequestBatch([0, 1], SparseRows.FromRows([[4], [5]], 6)),
        Targets = new SparseRows([0, 2, 3], [1, 2, 3], 6, null, [5 * Hour, 2 * Hour, 1 * Hour]),
    };

    // Scores items by how often they are in the request's history.
    private sealed class Counting() : TableRecommender([.. Enumerable.Range(0, 3).Select(_ => new float[6])])
    {
        public List<string> Histories { get; } = [];

        public override void Score(RequestBatch requests, Span<float> result)
        {
            Histories.Add(string.Join(' ', requests.History(0).ToArray()));
            result.Clear();
            foreach (var item in requests.History(0))
            {
                result[item]++;
            }
        }
    }

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
