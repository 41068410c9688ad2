using Tastemaker.Inputs;
using Tastemaker.Models.Baselines;

namespace Tastemaker.Tests.Models.Baselines;

public sealed class WarpMfTests
{
    [Fact]
    public void Ranks_weigh_harmonic_sums() => WarpMf.RankWeights(5).ShouldBe([0, 1, 1.5f, 1.5f + (1 / 3f), 1.5f + (1 / 3f) + 0.25f], 1e-6);

    [Fact]
    public void A_step_descends_the_weighted_hinge()
    {
        // One user with one of five items; the others are all alike and too near, so the first draw violates: rank floor(4 / 1).
        var train = Sample.Of(1, 5, (0, 1, 1, 0));
        var options = new WarpMfOptions { Dimension = 2, LearningRate = 0.1, Regularization = 0.2, Margin = 0.8, MaximumNorm = 9 };
        var model = new WarpMf(ModelShape.Of(train), options)
            .With(("users", [0.3f, -0.8f]), ("items", [0.5f, 0.2f, -0.4f, 0.9f, 0.5f, 0.2f, 0.5f, 0.2f, 0.5f, 0.2f]))
            .Fit(train, epochs: 1);

        var weight = 1 + (1.0 / 2) + (1.0 / 3) + (1.0 / 4);
        // p0 p1 | chosen q0 q1 | other q0 q1
        var expected = Gradient.Descend([0.3, -0.8, -0.4, 0.9, 0.5, 0.2], 0.1, x =>
        {
            var violation = 0.8 - ((x[0] * x[2]) + (x[1] * x[3])) + (x[0] * x[4]) + (x[1] * x[5]);
            return (weight * violation) + (0.2 / 2 * x.Sum(value => value * value));
        });
        var items = model.Saved("items");
        var other = Enumerable.Range(0, 5).Single(item => item != 1 && items[2 * item] != 0.5f);
        Sample.ShouldBeClose([.. model.Saved("users"), .. items[2..4], .. items[(2 * other)..((2 * other) + 2)]], expected, 1e-5);
    }

    [Fact]
    public void No_vector_grows_beyond_the_bound()
    {
        var train = Sample.Random();
        var model = new WarpMf(ModelShape.Of(train), new WarpMfOptions { Dimension = 3, LearningRate = 0.5, MaximumNorm = 0.7 }).Fit(train, epochs: 3);

        double[] Norms(string table) => [.. model.Saved(table).Chunk(3).Select(vector => Math.Sqrt(vector.Sum(value => (double)value * value)))];
        Norms("users")[..^1].ShouldAllBe(norm => norm <= 0.7 + 1e-6); // the last user has no item
        Norms("users").Count(norm => norm > 0.7 - 1e-5).ShouldBeGreaterThan(5);
        Norms("items").ShouldAllBe(norm => norm <= 0.7 + 1e-6);
    }

    [Fact]
    public void Where_nothing_violates_the_margin_nothing_moves()
    {
        var train = Sample.Of(1, 3, (0, 0, 1, 0));
        var model = new WarpMf(ModelShape.Of(train), new WarpMfOptions { Dimension = 1, Margin = 1, Regularization = 0.5, MaximumNorm = 0.1 })
            .With(("users", [1]), ("items", [2, 0.9f, -3]));
        using var modelTraining = model.Begin(train, new());

        modelTraining.RunEpoch(Sample.Context(train)).ShouldBe(0);

        model.Saved("items").ShouldBe([2, 0.9f, -3]);
        model.Saved("users").ShouldBe([1]);
    }

    [Fact]
    public void A_violator_that_is_hard_to_find_is_learned_from_the_less()
    {
        // The step on the user is step * Phi(floor((J - 1) / N)); with one violator among 40 it takes many draws or is not found at all.
        float Moved(int violators)
        {
            const int items = 41;
            var train = Sample.Of(1, items, (0, 0, 1, 0));
            float[] vectors = [0, .. Enumerable.Range(1, items - 1).Select(item => item <= violators ? 0.5f : -9)];
            var model = new WarpMf(ModelShape.Of(train), new WarpMfOptions { Dimension = 1, LearningRate = 1e-4, MaximumNorm = 9, Draws = 1000 })
                .With(("users", [1]), ("items", vectors)).Fit(train, epochs: 50);
            return 1 - model.Saved("users")[0];
        }

        Moved(40).ShouldBe(50 * 1e-4f * 0.5f * WarpMf.RankWeights(41)[40], 1e-3f);
        Moved(1).ShouldBeLessThan(0.6f * Moved(40));
    }

    [Fact]
    public void A_user_who_has_everything_teaches_nothing_and_hangs_nothing()
    {
        var train = Sample.Of(1, 2, (0, 0, 1, 0), (0, 1, 1, 0));
        var model = new WarpMf(ModelShape.Of(train), new WarpMfOptions());
        var before = model.Saved("users");

        model.Fit(train, epochs: 2);

        model.Saved("users").ShouldBe(before);
    }
}
