using Tastemaker.Data;
using Tastemaker.Inputs;
using Tastemaker.Models.Boltzmann;
using Tastemaker.Options;
using Tastemaker.Tests.Models.Baselines;
using Tastemaker.Training;
using static TorchSharp.torch;

namespace Tastemaker.Tests.Models.Boltzmann;

public sealed class UiRbmTests
{
    private static readonly UiRbmOptions Small = new() { UserHidden = 5, ItemHidden = 7, LearningRate = 0.1, WeightDecay = 0.01 };

    [Theory]
    [InlineData(RbmMachines.Both, RbmCombination.Average, RbmUnits.Real)]
    [InlineData(RbmMachines.Both, RbmCombination.Sum, RbmUnits.Real)]
    [InlineData(RbmMachines.Users, RbmCombination.Average, RbmUnits.Real)]
    [InlineData(RbmMachines.Items, RbmCombination.Average, RbmUnits.Real)]
    [InlineData(RbmMachines.Both, RbmCombination.Average, RbmUnits.Multinomial)]
    [InlineData(RbmMachines.Users, RbmCombination.Average, RbmUnits.Multinomial)]
    public void Epochs_by_pairs_are_epochs_on_dense_matrices_whatever_their_empty_cells_hold(RbmMachines machines, RbmCombination combine, RbmUnits units)
    {
        using var scope = NewDisposeScope();
        var train = Sample.Random();
        var options = Small with { Machines = machines, Combine = combine, Units = units };
        var model = Begun(options, train, out var modelTraining);
        var (dense, other) = (new DenseMachines(model, train, options, junk: 0), new DenseMachines(model, train, options, junk: 1000));

        for (var epoch = 0; epoch < 3; epoch++)
        {
            modelTraining.RunEpoch(Sample.Context(train, epoch));
            dense.Epoch();
            other.Epoch();
        }

        dense.ShouldEqual(model);
        other.ShouldEqual(model);
    }

    [Fact]
    public void Transposed_ratings_and_exchanged_machines_give_the_same_predictions()
    {
        using var scope = NewDisposeScope();
        var train = Sample.Random();
        var rows = train.Interactions;
        var transposed = Sample.Of(train.ItemCount, train.UserCount, [.. Enumerable.Range(0, rows.Count).Select(row => (rows.Items[row], rows.Users[row], rows.Values[row], rows.Times[row]))]);
        var model = Begun(Small, train, out var modelTraining);
        var other = Begun(Small with { UserHidden = 7, ItemHidden = 5 }, transposed, out var otherTraining);
        var state = new Dictionary<string, Tensor>(other.State());
        foreach (var (key, tensor) in model.State().Where(pair => !pair.Key.StartsWith("ratings")))
        {
            state[key.StartsWith("users") ? key.Replace("users", "items") : key.Replace("items", "users")] = tensor;
        }

        other.Restore(state);
        for (var epoch = 0; epoch < 5; epoch++)
        {
            modelTraining.RunEpoch(Sample.Context(train, epoch));
            otherTraining.RunEpoch(Sample.Context(transposed, epoch));
        }

        model.eval();
        other.eval();
        for (var user = -1; user < train.UserCount; user++)
        {
            for (var item = -1; item < train.ItemCount; item++)
            {
                Predict(other, item, user).ShouldBe(Predict(model, user, item), 1e-4f);
            }
        }
    }

    [Fact]
    public void A_prediction_is_the_mean_of_what_the_two_machines_reconstruct()
    {
        // One rating of 4, one hidden unit each: h^U = sigma(0.5 + 4 * 0.25), h^I = sigma(-0.5 + 4 * -0.125).
        var model = Begun(Small with { UserHidden = 1, ItemHidden = 1 }, Sample.Of(1, 1, (0, 0, 4, 0))).With(
            ("users.weights", [0.25f]), ("users.visible", [1]), ("users.hidden", [0.5f]), ("items.weights", [-0.125f]), ("items.visible", [2]), ("items.hidden", [-0.5f]));

        Predict(model, 0, 0).ShouldBe((float)((1 + (0.25 * Sigma(1.5)) + 2 - (0.125 * Sigma(-1))) / 2), 1e-6f);
    }

    [Fact]
    public void Whoever_has_no_ratings_is_predicted_by_the_machine_of_the_other_side_alone()
    {
        // In the sample, the last user and the last item have no ratings.
        var train = Sample.Random();
        var (user, item) = (train.UserCount - 1, train.ItemCount - 1);
        var both = Begun(Small, train).Fit(train, 5);
        both.eval();

        var (hidden, weights, visible) = (both.Saved("items.hidden"), both.Saved("items.weights"), both.Saved("items.visible"));
        var byItems = visible[3] + Enumerable.Range(0, 7).Sum(unit => weights[(3 * 7) + unit] * Sigma(hidden[unit]));
        Predict(both, 3, item).ShouldBe((float)byItems, 1e-5f);
        Predict(both, 3, -1).ShouldBe((float)byItems, 1e-5f);
        (hidden, weights, visible) = (both.Saved("users.hidden"), both.Saved("users.weights"), both.Saved("users.visible"));
        Predict(both, user, 4).ShouldBe((float)(visible[4] + Enumerable.Range(0, 5).Sum(unit => weights[(4 * 5) + unit] * Sigma(hidden[unit]))), 1e-5f);
        Predict(both, user, item).ShouldBe(train.Interactions.Values.ToArray().Average(), 1e-5f);

        var alone = Begun(Small with { Machines = RbmMachines.Users }, train).Fit(train, 5);
        alone.eval();
        Predict(alone, 3, item).ShouldBe(train.ByUser.RowValues(3).ToArray().Average(), 1e-5f);
    }

    [Fact]
    public void Weights_of_an_item_without_ratings_only_decay()
    {
        var train = Sample.Random();
        var item = train.ItemCount - 1;
        var model = Begun(Small with { Momentum = 0 }, train, out var modelTraining);
        var before = model.Saved("users.weights")[(item * 5)..];

        modelTraining.RunEpoch(Sample.Context(train));

        Sample.ShouldBeClose(model.Saved("users.weights")[(item * 5)..], [.. before.Select(weight => weight * (1 - (0.1 * 0.01)))], 1e-6);
        model.Saved("users.visible")[item].ShouldBe(0);
    }

    [Fact]
    public void Of_a_pair_rated_twice_the_newest_rating_counts()
    {
        var twice = Sample.Of(2, 2, (0, 0, 5, 20), (0, 0, 1, 10), (1, 1, 3, 5), (0, 1, 2, 30));
        var once = Sample.Of(2, 2, (0, 0, 5, 20), (1, 1, 3, 5), (0, 1, 2, 30));

        Begun(Small, twice).Fit(twice, 3).Scores(Sample.KnownUsers(once)).ShouldBe(Begun(Small, once).Fit(once, 3).Scores(Sample.KnownUsers(once)));
    }

    [Fact]
    public void Two_machines_are_good_where_either_alone_is_not()
    {
        // Half of the users and half of the items have few ratings, but with the busy half of the other side.
        var (train, test) = NonIid();
        double Mae(UiRbmOptions options)
        {
            var model = Begun(options, train).Fit(train);
            model.eval();
            return test.Average(cell => Math.Abs(Predict(model, cell.User, cell.Item) - cell.Rating));
        }

        var options = new UiRbmOptions { UserHidden = 10, ItemHidden = 10, Epochs = 200 };
        var both = Mae(options);
        both.ShouldBeLessThan(0.7 * Mae(options with { Machines = RbmMachines.Users }));
        both.ShouldBeLessThan(0.7 * Mae(options with { Machines = RbmMachines.Items }));
    }

    [Fact]
    public void Too_many_values_for_a_softmax_and_divergence_are_refused()
    {
        var train = Sample.Of(1, 60, [.. Enumerable.Range(0, 60).Select(item => (0, item, 0.1f * item, 0L))]);
        Should.Throw<InputException>(() => Begun(Small with { Units = RbmUnits.Multinomial }, train)).Message.ShouldContain("units=real");

        var sample = Sample.Random();
        Should.Throw<InputException>(() => Begun(Small with { LearningRate = 10, Momentum = 0.9 }, sample).Fit(sample, 300)).Message.ShouldContain("learning-rate");
    }

    private static UiRbm Begun(UiRbmOptions options, TrainingSet train) => Begun(options, train, out _);

    private static UiRbm Begun(UiRbmOptions options, TrainingSet train, out ITraining training)
    {
        manual_seed(3);
        var model = new UiRbm(options, ModelShape.Of(train));
        training = model.Begin(train, new TrainingOptions());
        return model;
    }

    private static float Predict(UserItemRbm model, int user, int item)
    {
        var value = new float[1];
        model.Predict([user], [item], value);
        return value[0];
    }

    private static double Sigma(double x) => 1 / (1 + Math.Exp(-x));

    private static (TrainingSet Train, List<(int User, int Item, float Rating)> Test) NonIid()
    {
        const int side = 80, clusters = 2;
        var random = new SeededRandom(5);
        float[,] taste = new float[clusters, clusters];
        for (var cell = 0; cell < clusters * clusters; cell++)
        {
            taste[cell / clusters, cell % clusters] = (float)((2 * random.NextDouble()) - 1) * 1.5f;
        }

        var (rows, test) = (new List<(int, int, float, long)>(), new List<(int, int, float)>());
        for (var user = 0; user < side; user++)
        {
            for (var item = 0; item < side; item++)
            {
                var rating = 3 + taste[user % clusters, item % clusters] + (float)(0.2 * (random.NextDouble() - 0.5));
                var (quietUser, quietItem) = (user >= side / 2, item >= side / 2);
                var draw = random.NextDouble();
                var chance = quietUser && quietItem ? 0 : quietUser || quietItem ? 5.0 / (side / 2) : 0.6;
                if (draw < chance)
                {
                    rows.Add((user, item, rating, 0));
                }
                else if (quietUser != quietItem && draw < chance + 0.2)
                {
                    test.Add((user, item, rating));
                }
            }
        }

        return (Sample.Of(side, side, [.. rows]), test);
    }
}
