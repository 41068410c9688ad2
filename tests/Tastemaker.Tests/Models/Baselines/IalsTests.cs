using Tastemaker.Data;
using Tastemaker.Inputs;
using Tastemaker.Models.Baselines;

namespace Tastemaker.Tests.Models.Baselines;

public sealed class IalsTests
{
    private static readonly IalsOptions Options = new() { Dimension = 5, UnobservedWeight = 0.3, Regularization = 0.05 };

    [Theory]
    [InlineData(1.0)]
    [InlineData(0.5)]
    [InlineData(0.0)]
    public void The_objective_falls_with_every_half_sweep(double exponent)
    {
        var train = Sample.Random();
        var model = Make(train, Options with { FrequencyExponent = exponent });
        using var modelTraining = model.Begin(train, new());
        var parallel = new ParallelOptions();
        model.SolveItems(parallel);
        var before = model.Objective(new ParallelOptions());
        for (var sweep = 0; sweep < 8; sweep++)
        {
            model.SolveUsers(parallel);
            var between = model.Objective(new ParallelOptions());
            model.SolveItems(parallel);
            var after = model.Objective(new ParallelOptions());
            between.ShouldBeLessThanOrEqualTo(before * (1 + 1e-6));
            after.ShouldBeLessThanOrEqualTo(between * (1 + 1e-6));
            before = after;
        }
    }

    [Fact]
    public void The_objective_is_the_double_sum_over_all_pairs()
    {
        var train = Sample.Random();
        var model = Make(train, Options).Fit(train, epochs: 2);

        model.Objective(new ParallelOptions()).ShouldBe(BruteForce(train, model, Options), 1e-3);
    }

    [Theory]
    [InlineData(0.3)]
    [InlineData(0.0)] // alternating least squares on the positives only
    public void A_half_sweep_leaves_its_side_at_the_minimum(double unobservedWeight)
    {
        var train = Sample.Random();
        var options = Options with { UnobservedWeight = unobservedWeight };
        var model = Make(train, options).Fit(train, epochs: 2);
        var items = model.Saved("items");
        var best = BruteForce(train, model, options);

        // The items were solved for last: moving any number of an item either way only raises the objective.
        // (The last item has no interactions; on positives only, nothing depends on it.)
        for (var index = 0; index < items.Length - 5; index += 3)
        {
            foreach (var move in new[] { -0.01f, 0.01f })
            {
                var moved = items.ToArray();
                moved[index] += move;
                BruteForce(train, model.With(("items", moved)), options).ShouldBeGreaterThan(best);
            }
        }
    }

    [Fact]
    public void Users_and_items_without_interactions_become_0()
    {
        var train = Sample.Random();
        var model = Make(train, Options).Fit(train);

        model.Saved("users")[^5..].ShouldAllBe(value => value == 0);
        model.Saved("items")[^5..].ShouldAllBe(value => value == 0);
    }

    [Fact]
    public void Folding_in_a_training_row_reproduces_the_user_once_converged()
    {
        var train = Sample.Random();
        var model = Make(train, Options).Fit(train, epochs: 400);
        var (known, folded) = (model.Scores(Sample.KnownUsers(train)), model.Scores(Sample.ColdStartUsers(train)));

        for (var user = 0; user < train.UserCount; user++)
        {
            Sample.ShouldBeClose(folded[user], [.. known[user].Select(score => (double)score)], 1e-3);
        }
    }

    [Fact]
    public void The_number_of_threads_changes_nothing()
    {
        var train = Sample.Random();
        var model = Make(train, Options);
        var start = new[] { ("users", model.Saved("users")), ("items", model.Saved("items")) };
        var one = Make(train, Options).With(start).Fit(train, epochs: 3, threads: 1).Saved("items");
        var four = Make(train, Options).With(start).Fit(train, epochs: 3, threads: 4).Saved("items");

        four.ShouldBe(one);
    }

    [Fact]
    public void A_value_of_2_weighs_like_two_observations()
    {
        var train = Sample.Of(2, 2, (0, 0, 2, 0), (1, 0, 1, 0), (1, 1, 1, 0));
        var options = Options with { Dimension = 1, UseValues = true, FrequencyExponent = 0 };
        var model = Make(train, options).With(("items", [0.7f, 0.4f]));
        using var modelTraining = model.Begin(train, new());
        model.SolveUsers(new ParallelOptions());

        // x = 2 y / (2 y^2 + alpha_0 (y_0^2 + y_1^2) + lambda)
        ((double)model.Saved("users")[0]).ShouldBe(2 * 0.7 / ((2 * 0.49) + (0.3 * (0.49 + 0.16)) + 0.05), 1e-6);
    }

    private static Ials Make(TrainingSet train, IalsOptions options)
    {
        TorchSharp.torch.manual_seed(3);
        return new Ials(ModelShape.Of(train), options);
    }

    private static double BruteForce(TrainingSet train, Ials model, IalsOptions options)
    {
        var (users, items) = (model.Saved("users").Chunk(5).ToArray(), model.Saved("items").Chunk(5).ToArray());
        var binary = Sample.Binary(train);
        var sum = 0.0;
        for (var user = 0; user < users.Length; user++)
        {
            sum += Penalty(users[user], binary[user].Sum(), items.Length);
            for (var item = 0; item < items.Length; item++)
            {
                var score = users[user].Zip(items[item], (x, y) => (double)x * y).Sum();
                sum += (binary[user][item] * (score - 1) * (score - 1)) + (options.UnobservedWeight!.Value * score * score);
            }
        }

        return sum + items.Select((vector, item) => Penalty(vector, binary.Sum(row => row[item]), users.Length)).Sum();

        double Penalty(float[] vector, double entries, int others) => options.Regularization!.Value
            * Math.Pow(entries + (options.UnobservedWeight!.Value * others), options.FrequencyExponent) * vector.Sum(value => (double)value * value);
    }
}
