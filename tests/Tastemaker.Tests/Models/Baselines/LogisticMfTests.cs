using Tastemaker.Inputs;
using Tastemaker.Models.Baselines;

namespace Tastemaker.Tests.Models.Baselines;

public sealed class LogisticMfTests
{
    [Fact]
    public void The_loss_of_a_model_that_knows_nothing_is_ln_2()
    {
        var train = Sample.Random();
        var model = new LogisticMf(ModelShape.Of(train), new LogisticMfOptions { InitialDeviation = 0, LearningRate = 1e-7 });
        using var modelTraining = model.Begin(train, new());

        modelTraining.RunEpoch(Sample.Context(train))!.Value.ShouldBe(Math.Log(2), 1e-4);
    }

    [Fact]
    public void Steps_on_a_positive_and_a_negative_descend_the_gradient_in_random_order()
    {
        // One user with one of two items: the only negative is the other.
        var train = Sample.Of(1, 2, (0, 1, 1, 0));
        var options = new LogisticMfOptions { Dimension = 2, LearningRate = 0.5, Regularization = 0.1, Negatives = 1, RejectPositives = true };
        float[][] Numbers(int epoch)
        {
            var model = new LogisticMf(ModelShape.Of(train), options)
                .With(("users", [0.3f, -0.8f]), ("items", [0.5f, 0.2f, -0.4f, 0.9f]), ("item_bias", [0.1f, -0.2f]), ("user_bias", [0.4f]), ("mean", [-0.3f]));
            using var modelTraining = model.Begin(train, new());
            modelTraining.RunEpoch(Sample.Context(train, epoch));
            return [model.Saved("users"), model.Saved("items"), model.Saved("item_bias"), [.. model.Saved("user_bias"), .. model.Saved("mean")]];
        }

        // p0 p1 | q0 q1 | b_i | b_u mean
        static double Loss(double[] x, double sign)
        {
            var logit = (x[0] * x[2]) + (x[1] * x[3]) + x[4] + x[5] + x[6];
            return Math.Log(1 + Math.Exp(-sign * logit)) + (0.1 / 2 * x.Sum(value => value * value));
        }

        double[][] After(bool positiveFirst)
        {
            double[][] item = [[0.5, 0.2, 0.1], [-0.4, 0.9, -0.2]];
            double[] user = [0.3, -0.8, 0.4, -0.3];
            foreach (var label in positiveFirst ? new[] { 1, 0 } : [0, 1])
            {
                var moved = Gradient.Descend([user[0], user[1], .. item[label], user[2], user[3]], 0.5, x => Loss(x, label == 1 ? 1 : -1));
                (user, item[label]) = ([moved[0], moved[1], moved[5], moved[6]], moved[2..5]);
            }

            return [user[..2], [.. item[0][..2], .. item[1][..2]], [item[0][2], item[1][2]], user[2..]];
        }

        static bool Same(float[][] numbers, double[][] expected) =>
            numbers.Zip(expected, (some, others) => some.Zip(others, (one, other) => Math.Abs(one - other)).Max()).Max() < 1e-5;

        var epochs = Enumerable.Range(0, 12).Select(Numbers).ToArray();
        var positiveFirst = epochs.Count(numbers => Same(numbers, After(true)));
        var negativeFirst = epochs.Count(numbers => Same(numbers, After(false)));
        (positiveFirst + negativeFirst).ShouldBe(12);
        positiveFirst.ShouldBeInRange(1, 11);
    }

    [Fact]
    public void Scores_are_the_logits()
    {
        var train = Sample.Random();
        var model = new LogisticMf(ModelShape.Of(train), new LogisticMfOptions { Dimension = 3 }).Fit(train, epochs: 2);
        var (users, items) = (model.Saved("users").Chunk(3).ToArray(), model.Saved("items").Chunk(3).ToArray());
        var (userBias, itemBias, mean) = (model.Saved("user_bias"), model.Saved("item_bias"), model.Saved("mean")[0]);

        Sample.ShouldBeClose(model.Scores(Sample.KnownUsers(train))[7], [.. items.Select((item, index) =>
            mean + userBias[7] + itemBias[index] + item.Zip(users[7], (q, p) => (double)q * p).Sum())]);
    }

    [Fact]
    public void The_loss_falls()
    {
        var train = Sample.Random();
        var model = new LogisticMf(ModelShape.Of(train), new LogisticMfOptions());
        using var modelTraining = model.Begin(train, new());
        var first = modelTraining.RunEpoch(Sample.Context(train));
        for (var epoch = 1; epoch < 20; epoch++)
        {
            modelTraining.RunEpoch(Sample.Context(train, epoch));
        }

        modelTraining.RunEpoch(Sample.Context(train, 20))!.Value.ShouldBeLessThan(first!.Value - 0.01);
    }
}
