using Tastemaker.Data;
using Tastemaker.Inputs;
using Tastemaker.Models.Boltzmann;
using Tastemaker.Tests.Models.Baselines;
using Tastemaker.Training;

namespace Tastemaker.Tests.Models.Boltzmann;

public sealed class RatingNeighborsTests
{
    // Users rate items 0 and 1 alike and item 2 the other way; nobody rated item 3.
    private static readonly TrainingSet Three = Sample.Of(4, 4, (0, 0, 5, 0), (0, 1, 4, 0), (0, 2, 1, 0), (1, 0, 1, 0), (1, 1, 2, 0), (1, 2, 5, 0), (2, 0, 3, 0), (2, 1, 3, 0), (3, 0, 3, 0));

    [Fact]
    public void Weights_are_correlations_of_the_completed_matrix_around_original_means()
    {
        // Means 3, 3, 3. User 2 lacks item 2 and user 3 items 1 and 2: completed with 4.
        var neighbors = Neighbors(Three, 0, (_, _) => 4);
        double[] first = [2, -2, 0, 0], second = [1, -1, 0, 1], third = [-2, 2, 1, 1];

        ((double)neighbors[0, 1]).ShouldBe(Correlation(first, second), 1e-6);
        ((double)neighbors[0, 2]).ShouldBe(Correlation(first, third), 1e-6);
        ((double)neighbors[2, 2]).ShouldBe(1, 1e-6);
    }

    [Fact]
    public void Few_shared_users_make_a_weight_count_less()
    {
        var (plain, weighted) = (Neighbors(Three, 0, (_, _) => 4), Neighbors(Three, 50, (_, _) => 4));
        weighted[0, 1].ShouldBe(plain[0, 1] * 3 / 50, 1e-6f);
        weighted[0, 2].ShouldBe(plain[0, 2] * 2 / 50, 1e-6f);
        weighted[0, 3].ShouldBe(0); // nobody shares them
        Neighbors(Three, 2, (_, _) => 4)[0, 1].ShouldBe(plain[0, 1], 1e-6f);
    }

    [Fact]
    public void A_prediction_is_the_mean_and_the_weighted_deviations_of_what_the_user_rated()
    {
        var neighbors = Neighbors(Three, 0, (_, _) => 4);
        var (w, x) = (neighbors[2, 0], neighbors[2, 1]);
        neighbors.Predict(0, 2).ShouldBe(3 + (((2 * w) + (1 * x) - 2) / (Math.Abs(w) + Math.Abs(x) + 1)), 1e-5);
    }

    [Fact]
    public void Without_any_weight_it_is_the_items_mean()
    {
        // Completed with the means, all deviations of item 2 from what is rated vanish for a user who rated item 3 alone.
        var train = Sample.Of(2, 2, (0, 0, 5, 0), (1, 1, 2, 0));
        var neighbors = Neighbors(train, 50, (_, item) => item == 0 ? 5 : 2);
        neighbors.Predict(0, 1).ShouldBe(2);
        neighbors.Predict(1, 0).ShouldBe(5);
    }

    [Fact]
    public void Weights_are_symmetric_and_between_minus_one_and_one()
    {
        var train = Sample.Random();
        var random = new SeededRandom(4);
        var cells = new float[train.UserCount, train.ItemCount];
        for (var cell = 0; cell < cells.Length; cell++)
        {
            cells[cell / train.ItemCount, cell % train.ItemCount] = 1 + (4 * (float)random.NextDouble());
        }

        var neighbors = Neighbors(train, 10, (user, item) => cells[user, item]);
        var weights = from item in Enumerable.Range(0, train.ItemCount) from other in Enumerable.Range(0, train.ItemCount) select (item, other);
        foreach (var (item, other) in weights)
        {
            neighbors[item, other].ShouldBe(neighbors[other, item], 1e-6f);
            Math.Abs(neighbors[item, other]).ShouldBeLessThanOrEqualTo(1);
        }

        weights.Any(pair => pair.item != pair.other && neighbors[pair.item, pair.other] < -0.01).ShouldBeTrue();
    }

    [Fact]
    public void With_neighbors_the_machines_only_complete_the_matrix()
    {
        var train = Sample.Random();
        var options = new UiRbmOptions { Machines = RbmMachines.Items, ItemHidden = 6 };
        var plain = Model(options);
        var hybrid = Model(options with { Neighborhood = true, NeighborSupport = 20 });
        var completed = plain.Scores(Sample.KnownUsers(train));
        var mean = train.Interactions.Values.ToArray().Average();
        var neighbors = new RatingNeighbors(
            RatingPairs.Of(train.Rated), RatingPairs.Means(train.ByItem, mean), (user, item) => user < train.UserCount - 1 ? completed[user][item] : Alone(plain, user, item), 20);

        hybrid.Scores(Sample.KnownUsers(train))[3].ShouldBe([.. Enumerable.Range(0, train.ItemCount).Select(item => neighbors.Predict(3, item))]);

        UiRbm Model(UiRbmOptions with)
        {
            TorchSharp.torch.manual_seed(8);
            var model = new UiRbm(with, ModelShape.Of(train)).Fit(train, 4);
            model.eval();
            return model;
        }
    }

    private static float Alone(UiRbm model, int user, int item)
    {
        var value = new float[1];
        model.Predict([user], [item], value);
        return value[0];
    }

    private static RatingNeighbors Neighbors(TrainingSet train, int support, Func<int, int, float> complete)
    {
        var pairs = RatingPairs.Of(train.Rated);
        return new RatingNeighbors(pairs, RatingPairs.Means(pairs.ByItem, 3), complete, support);
    }

    private static double Correlation(double[] left, double[] right) =>
        left.Zip(right).Sum(pair => pair.First * pair.Second) / Math.Sqrt(left.Sum(x => x * x) * right.Sum(x => x * x));
}
