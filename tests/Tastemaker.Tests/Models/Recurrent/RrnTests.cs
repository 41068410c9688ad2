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
    public void A_request_with_the_history_of_a_known_user_scores_as_the_user_does_a_step_later()
    {
        var train = Train(Rows());
        using var model = (Rrn)Rrn.Info.Make(Small, train);
        var scores = model.Scores(Sample.KnownUsers(train));
        var next = new float[4];
        model.Predict([0, 0, 0, 0], [0, 1, 2, 3], [.. Enumerable.Repeat(8 * Day, 4)], next); // the last rating is of day 8: its step is predicted by what was before

        scores[0].Length.ShouldBe(4);
        scores[0].SequenceEqual(next).ShouldBeFalse();
        scores.SelectMany(row => row).ShouldAllBe(score => float.IsFinite(score));
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
            var expected = anew.Scores(Asked(70))[0]; // so many keep no states
            live.Scores(Asked(1))[0].ShouldBe(expected, 1e-5f);
            live.Scores(Asked(2))[1].ShouldBe(expected, 1e-5f);
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
