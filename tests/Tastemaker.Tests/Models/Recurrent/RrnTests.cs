using Tastemaker.Data;
using Tastemaker.Models.Recurrent;
using Tastemaker.Nn;
using Tastemaker.Tests.Models.Baselines;
using static TorchSharp.torch;

namespace Tastemaker.Tests.Models.Recurrent;

public class RrnTests
{
    private const long Day = 86_400L * Timestamps.PerSecond;

    private static readonly RrnOptions Small = new() { Embedding = 4, Units = 5, DynamicDimension = 3, Dimension = 2, UserStepDays = 1, ItemStepDays = 1, BatchSize = 3, PretrainingEpochs = 1, Epochs = 2 };

    [Fact]
    public void A_rating_changes_no_prediction_of_its_own_step_or_of_earlier_ones_to_the_bit()
    {
        var rows = Rows();
        using var one = Make(rows);
        using var other = Make([.. rows.Select(row => row.Time >= 5 * Day ? (row.User, row.Item, 6 - row.Value, row.Time) : row)]);
        other.Restore(one.State());
        var (users, items, early, late) = (new[] { 0, 1, 2, 3 }, new[] { 1, 2, 0, 3 }, new float[4], new float[4]);
        foreach (var day in new[] { 0L, 3, 5 })
        {
            one.Predict(users, items, [.. Enumerable.Repeat((day * Day) + 1000, 4)], early);
            other.Predict(users, items, [.. Enumerable.Repeat((day * Day) + 1000, 4)], late);
            late.ShouldBe(early);
        }

        one.Predict(users, items, [.. Enumerable.Repeat(7 * Day, 4)], early);
        other.Predict(users, items, [.. Enumerable.Repeat(7 * Day, 4)], late);
        late.SequenceEqual(early).ShouldBeFalse();
    }

    [Fact]
    public void Two_ratings_of_a_step_in_either_order_lead_to_the_same_state()
    {
        using var one = Make([(0, 0, 5f, 10), (0, 1, 1f, 20), (1, 2, 3f, 30), (0, 2, 3f, 3 * Day)]);
        using var other = Make([(0, 1, 1f, 10), (0, 0, 5f, 20), (1, 2, 3f, 30), (0, 2, 3f, 3 * Day)]);
        other.Restore(one.State());
        var (first, second) = (new float[1], new float[1]);
        one.Predict([0], [3], [4 * Day], first);
        other.Predict([0], [3], [4 * Day], second);

        second[0].ShouldBe(first[0], 1e-6f);
    }

    [Fact]
    public void Without_what_states_give_it_is_matrix_factorization()
    {
        using var scope = NewDisposeScope();
        using var model = Make(Rows());
        model.With(("dynamics.users.vector.weight", new float[15]), ("dynamics.users.vector.bias", new float[3]));
        var (p, q) = (model.Saved("userFactors.weight"), model.Saved("itemFactors.weight"));
        var rating = new float[1];
        model.Predict([2], [1], [9 * Day], rating);
        var mean = Rows().Average(row => row.Value);

        rating[0].ShouldBe(mean + p[8] + q[5] + (p[6] * q[3]) + (p[7] * q[4]), 1e-5f);
    }

    [Fact]
    public void While_users_learn_nothing_of_the_items_has_a_gradient_and_the_other_way_round()
    {
        using var scope = NewDisposeScope();
        var train = Train(Rows());
        using var model = (Rrn)Rrn.Info.Make(Small, train);
        model.train();
        var timeline = Timeline(train);
        foreach (var side in new[] { true, false })
        {
            using var batch = timeline.Batch(side, [0, 1, 2], isFirst: true);
            batch.Load(CPU);
            foreach (var weights in model.parameters())
            {
                weights.grad = null;
            }

            model.Loss(batch).backward();
            foreach (var (name, weights) in model.named_parameters())
            {
                var learns = name.Replace("dynamics.", "", StringComparison.Ordinal).StartsWith(side ? "user" : "item", StringComparison.Ordinal);
                (weights.grad is { } gradient && gradient.abs().sum().item<float>() > 0).ShouldBe(learns, name);
            }
        }
    }

    [Fact]
    public void A_request_scores_as_predictions_at_the_last_time_and_reads_the_ratings_of_the_last_step_too()
    {
        var train = Train(Rows());
        using var model = (Rrn)Rrn.Info.Make(Small, train);
        var scores = model.Scores(Sample.KnownUsers(train));
        var cold = model.Scores(new RequestBatch([-1], new SparseRows([0, train.ByUser.Length(0)], train.ByUser[0].ToArray(), 4, train.ByUser.RowValues(0).ToArray(), train.ByUser.RowTimes(0).ToArray())));
        var until = train.Interactions.Times.ToArray().Max();
        for (var user = 0; user < 4; user++)
        {
            var ratings = new float[4];
            model.Predict([user, user, user, user], [0, 1, 2, 3], [until, until, until, until], ratings);
            if (train.ByUser.RowTimes(user)[^1] / Day < until / Day)
            {
                scores[user].ShouldBe(ratings, 1e-5f);
            }
            else
            {
                scores[user].SequenceEqual(ratings).ShouldBeFalse(); // a prediction of a step reads only the steps before
            }
        }

        train.ByUser.RowTimes(0)[^1].ShouldBeLessThan(until / Day * Day);
        var (p, q) = (model.Saved("userFactors.weight"), model.Saved("itemFactors.weight"));
        for (var item = 0; item < 4; item++)
        {
            var stationary = p[2] + (p[0] * q[3 * item]) + (p[1] * q[(3 * item) + 1]); // a cold-start user has no stationary vector and no bias
            cold[0][item].ShouldBe(scores[0][item] - stationary, 1e-5f);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Users_and_items_without_ratings_and_single_ones_have_predictions(bool hasBiases)
    {
        var train = Sample.Of(2, 2, (0, 0, 4f, 5 * Day));
        using var model = (Rrn)Rrn.Info.Make(Small with { Biases = hasBiases, BatchSize = 1 }, train);
        model.Fit(train);
        var ratings = new float[5];
        model.Predict([0, 1, -1, 0, -1], [0, 1, 0, -1, -1], [5 * Day, 0, 9 * Day, 900 * Day, -3 * Day], ratings);
        var scores = model.Scores(new RequestBatch([0, 1, -1, -1], new SparseRows([0, 1, 1, 1, 3], [0, 1, 0], 2)));

        ratings.ShouldAllBe(rating => float.IsFinite(rating));
        scores.SelectMany(row => row).ShouldAllBe(score => float.IsFinite(score));
        scores[2].ShouldNotBe(scores[3]);
    }

    [Fact]
    public void A_history_that_goes_on_from_a_known_state_leads_to_the_state_of_the_whole()
    {
        var train = Train(Rows());
        using var live = (Rrn)Rrn.Info.Make(Small, train);
        using var anew = (Rrn)Rrn.Info.Make(Small, train);
        anew.Restore(live.State());
        var random = new SeededRandom(9);
        // Two ratings of a day in some steps, none for three days in others; also after the end of training.
        var history = Enumerable.Range(0, 24).Select(place => (Item: random.Next(4), Value: 1f + random.Next(5), Time: ((place / 2) + (place > 10 ? 3 : 0)) * Day)).ToArray();
        for (var length = 1; length <= history.Length; length++)
        {
            var part = history[..length];
            RequestBatch Asked(int times) => new([.. Enumerable.Repeat(1, times)], new SparseRows(
                [.. Enumerable.Range(0, times + 1).Select(row => row * length)],
                [.. Enumerable.Repeat(part.Select(one => one.Item), times).SelectMany(items => items)],
                4,
                [.. Enumerable.Repeat(part.Select(one => one.Value), times).SelectMany(values => values)],
                [.. Enumerable.Repeat(part.Select(one => one.Time), times).SelectMany(when => when)]));
            var expected = anew.Scores(Asked(2))[0]; // batches keep no states
            var found = live.Scores(Asked(1))[0];
            found.ShouldBe(expected, 1e-5f);
            using var fresh = (Rrn)Rrn.Info.Make(Small, train);
            fresh.Restore(live.State());
            fresh.Scores(Asked(1))[0].ShouldBe(found); // to the bit, wherever it began
        }
    }

    [Fact]
    public void An_LSTM_steps_as_torch_has_it()
    {
        using var scope = NewDisposeScope();
        var cell = new LstmCell(3, 2);
        var named = cell.named_parameters().ToDictionary(pair => pair.name, pair => pair.parameter);
        var reference = nn.LSTMCell(3, 2);
        var own = reference.named_parameters().ToDictionary(pair => pair.name, pair => pair.parameter);
        long[] order = [1, 0, 3, 2]; // torch has input, forget, candidate, output
        using (no_grad())
        {
            foreach (var (mine, its) in new[] { ("input", "weight_ih"), ("recurrent", "weight_hh") })
            {
                own[its].copy_(cat([.. order.Select(gate => named[mine].chunk(4, 1)[gate])], 1).t());
            }

            own["bias_ih"].copy_(cat([.. order.Select(gate => named["bias"].chunk(4)[gate])]));
            own["bias_hh"].zero_();
        }

        var (x, h, c) = (randn(4, 3), randn(4, 2), randn(4, 2));
        var (expectedH, expectedC) = reference.forward(x, (h, c));
        var (foundH, foundC) = cell.Step(cell.Gates(x), (h, c));

        foundH.allclose(expectedH, 1e-5, 1e-6).ShouldBeTrue();
        foundC.allclose(expectedC, 1e-5, 1e-6).ShouldBeTrue();
    }

    private static (int User, int Item, float Value, long Time)[] Rows()
    {
        var random = new SeededRandom(2);
        return [.. Enumerable.Range(0, 30).Select(place => (random.Next(4), random.Next(4), 1f + random.Next(5), ((place / 4 * Day) + place)))];
    }

    private static TrainingSet Train((int User, int Item, float Value, long Time)[] rows) => Sample.Of(4, 4, rows);

    private static Rrn Make((int User, int Item, float Value, long Time)[] rows) => (Rrn)Rrn.Info.Make(Small, Train(rows));

    private static RrnTimeline Timeline(TrainingSet train)
    {
        var histories = new Tastemaker.Inputs.EventHistories(train.ByUser);
        return new RrnTimeline(histories.ByUser, histories.ByItem, new RatingSteps(histories.ByUser, Day, 0), new RatingSteps(histories.ByItem, Day, 0), () => [0, 0, 1, 0, 1]);
    }
}
