using Tastemaker.Inputs;
using Tastemaker.Models.Baselines;

namespace Tastemaker.Tests.Models.Baselines;

public sealed class BprMfTests
{
    [Fact]
    public void The_loss_of_a_model_that_knows_nothing_is_ln_2()
    {
        var train = Sample.Random();
        var model = new BprMf(ModelShape.Of(train), new BprMfOptions { InitialDeviation = 0, LearningRate = 1e-7 });
        using var modelTraining = model.Begin(train, new());

        modelTraining.RunEpoch(Sample.Context(train))!.Value.ShouldBe(Math.Log(2), 1e-5);
    }

    [Fact]
    public void A_step_descends_the_gradient()
    {
        // One user with one of two items: every draw is the same triple.
        var train = Sample.Of(1, 2, (0, 1, 1, 0));
        var options = new BprMfOptions { Dimension = 2, LearningRate = 0.5, Regularization = 0.1 };
        var model = new BprMf(ModelShape.Of(train), options)
            .With(("users", [0.3f, -0.8f]), ("items", [0.5f, 0.2f, -0.4f, 0.9f]), ("item_bias", [0.1f, -0.2f]))
            .Fit(train, epochs: 1);

        // p0 p1 | q00 q01 q10 q11 | b0 b1
        var expected = Gradient.Descend([0.3, -0.8, 0.5, 0.2, -0.4, 0.9, 0.1, -0.2], 0.5, x =>
        {
            var margin = (x[0] * (x[4] - x[2])) + (x[1] * (x[5] - x[3])) + x[7] - x[6];
            return Math.Log(1 + Math.Exp(-margin)) + (0.1 / 2 * x.Sum(value => value * value));
        });
        Sample.ShouldBeClose([.. model.Saved("users"), .. model.Saved("items"), .. model.Saved("item_bias")], expected, 1e-5);
    }

    [Fact]
    public void Exchanging_the_items_turns_the_step_round()
    {
        float[] Move(int positive)
        {
            var train = Sample.Of(1, 2, (0, positive, 1, 0));
            var options = new BprMfOptions { Dimension = 2, LearningRate = 0.5, Regularization = 0 };

            // A user of zero length makes both margins 0, so only the direction differs.
            return new BprMf(ModelShape.Of(train), options).With(("users", [0, 0]), ("items", [0.5f, 0.2f, -0.4f, 0.9f])).Fit(train, epochs: 1).Saved("users");
        }

        Move(0).ShouldBe(Move(1).Select(value => -value));
        Move(0)[0].ShouldBe(0.5f * 0.5f * 0.9f, 1e-6f);
    }

    [Fact]
    public void Of_several_candidates_the_one_that_scores_highest_is_compared()
    {
        // The user has item 0; item 2 scores above item 1, so with many candidates no comparison is with item 1.
        var train = Sample.Of(1, 3, (0, 0, 1, 0));
        float[] Items(int candidates) =>
            new BprMf(ModelShape.Of(train), new BprMfOptions { Dimension = 1, LearningRate = 0.01, Regularization = 0, Candidates = candidates })
                .With(("users", [1]), ("items", [0, -2, 3]), ("item_bias", [0, 0, 0])).Fit(train, epochs: 20).Saved("items");

        var hard = Items(64);
        hard[1].ShouldBe(-2);
        hard[2].ShouldBeLessThan(3);
        Items(1)[1].ShouldBeLessThan(-2);
    }

    [Fact]
    public void Tastes_without_overlap_are_told_apart()
    {
        // Even users have even items, odd users odd ones; each user misses one of its own kind.
        var train = Sample.Of(12, 12, [.. Enumerable.Range(0, 12).SelectMany(user =>
            Enumerable.Range(0, 6).Where(k => k != user / 2).Select(k => (user, (2 * k) + (user % 2), 1f, 0L)))]);
        var scores = new BprMf(ModelShape.Of(train), new BprMfOptions { Dimension = 8 }).Fit(train).Scores(Sample.KnownUsers(train));

        for (var user = 0; user < 12; user++)
        {
            var missing = (2 * (user / 2)) + (user % 2);
            for (var other = 1 - (user % 2); other < 12; other += 2)
            {
                scores[user][missing].ShouldBeGreaterThan(scores[user][other]);
            }
        }
    }

    [Fact]
    public void A_user_who_has_everything_teaches_nothing_and_hangs_nothing()
    {
        var train = Sample.Of(1, 2, (0, 0, 1, 0), (0, 1, 1, 0));
        var model = new BprMf(ModelShape.Of(train), new BprMfOptions());
        var before = model.Saved("items");

        model.Fit(train, epochs: 3).Saved("items").ShouldBe(before);
    }
}
