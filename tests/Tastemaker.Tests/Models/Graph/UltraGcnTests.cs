using Tastemaker.Batches;
using Tastemaker.Data;
using Tastemaker.Models.Graph;
using Tastemaker.Options;
using Tastemaker.Solvers;
using Tastemaker.Solvers.FoldIn;
using Tastemaker.Tests.Models.Baselines;
using static TorchSharp.torch;

namespace Tastemaker.Tests.Models.Graph;

public class UltraGcnTests
{
    private static readonly UltraGcnOptions Options = new()
    {
        Dimension = 4,
        BatchSize = 16,
        Negatives = 2,
        Neighbors = 3,
        PositiveBase = 0.5,
        PositiveConstraint = 2,
        NegativeBase = 0.3,
        NegativeConstraint = 4,
        NegativeWeight = 6,
        ItemWeight = 0.7,
        Regularization = 0.1,
        InitialDeviation = 0.5,
    };

    [Fact]
    public void The_constraint_coefficients_are_those_of_the_degrees()
    {
        // Degrees: users 3, 1 and 0; items 2, 1, 1 and 0.
        var train = Sample.Of(3, 4, (0, 0, 1, 1), (0, 1, 1, 2), (0, 2, 1, 3), (1, 0, 1, 4));
        using var weights = new UltraGcnWeights(train, 0).Load(CPU);
        double Beta(int user, int item) => weights.Users[user].item<float>() * weights.Items[item].item<float>();

        Beta(0, 0).ShouldBe(Math.Sqrt(4.0 / 3) / 3, 1e-6);
        Beta(0, 1).ShouldBe(Math.Sqrt(4.0 / 2) / 3, 1e-6);
        Beta(0, 3).ShouldBe(Math.Sqrt(4.0 / 1) / 3, 1e-6);
        Beta(1, 0).ShouldBe(Math.Sqrt(2.0 / 3) / 1, 1e-6);
        Beta(2, 0).ShouldBe(0); // a user without items is in no pair
    }

    [Fact]
    public void The_graph_of_items_holds_the_largest_weights_of_the_dense_formula()
    {
        const int kept = 4;
        var train = Sample.Random();
        using var weights = new UltraGcnWeights(train, kept).Load(CPU);
        var together = Gram.Dense(train.Seen, new ParallelOptions()); // G
        var degrees = together.Select(row => row.Sum(count => (double)count)).ToArray(); // g
        for (var i = 0; i < train.ItemCount; i++)
        {
            var dense = Enumerable.Range(0, train.ItemCount)
                .Select(j => j == i || together[i][j] == 0 ? 0 : together[i][j] / (degrees[i] - together[i][i]) * Math.Sqrt(degrees[i] / degrees[j])).ToArray();
            var largest = dense.OrderDescending().Take(kept).ToArray();
            var found = Enumerable.Range(0, kept).Select(place => (Item: weights.Neighbors[i, place].item<int>(), Weight: weights.NeighborWeights[i, place].item<float>())).ToArray();

            found.Where(neighbor => neighbor.Weight > 0).ShouldAllBe(neighbor => Math.Abs(neighbor.Weight - dense[neighbor.Item]) < 1e-6);
            found.Select(neighbor => (double)neighbor.Weight).OrderDescending().Zip(largest).ShouldAllBe(pair => Math.Abs(pair.First - pair.Second) < 1e-6);
        }
    }

    [Fact]
    public void Where_all_vectors_are_0_the_loss_is_the_sum_of_the_weights_times_the_logarithm_of_2()
    {
        using var scope = NewDisposeScope();
        var train = Sample.Random();
        using var model = Make(train, Options);
        using (no_grad())
        {
            model.Parameter("users.weight").zero_();
            model.Parameter("items.weight").zero_();
        }

        using var weights = new UltraGcnWeights(train, Options.Neighbors).Load(CPU);
        using var batch = Pair(1, 0, 5, 14);
        double Beta(int item) => Math.Sqrt((train.Seen.Length(1) + 1.0) / (train.ByItem.Length(item) + 1)) / train.Seen.Length(1);
        var sum = 0.5 + (2 * Beta(0)) + (6.0 / 2 * (0.3 + (4 * Beta(5)) + 0.3 + (4 * Beta(14)))) + (0.7 * weights.NeighborWeights[0].sum().item<float>());

        model.Loss(batch, weights).item<float>().ShouldBe((float)(sum * Math.Log(2)), 1e-5f);
    }

    [Theory]
    [InlineData(0.7)]
    [InlineData(0)]
    public void The_loss_is_that_of_the_paper_pair_by_pair_and_without_gamma_no_graph_of_items_is_made(double gamma)
    {
        using var scope = NewDisposeScope();
        var train = Sample.Random();
        var options = Options with { ItemWeight = gamma };
        using var model = Make(train, options);
        var (users, items) = (model.Parameter("users.weight"), model.Parameter("items.weight"));
        using var weights = new UltraGcnWeights(train, gamma > 0 ? options.Neighbors : 0).Load(CPU);
        using var batch = Pair(3, 2, 4, 7);
        double Score(int item) => (users[3] * items[item]).sum().item<float>();
        double Beta(int item) => Math.Sqrt((train.Seen.Length(3) + 1.0) / (train.ByItem.Length(item) + 1)) / train.Seen.Length(3);
        double Negative(int item) => (0.3 + (4 * Beta(item))) * Softplus(Score(item));

        var expected = ((0.5 + (2 * Beta(2))) * Softplus(-Score(2))) + (6.0 / 2 * (Negative(4) + Negative(7)))
            + (0.1 / 2 * (users[3].square().sum().item<float>() + items[2].square().sum().item<float>()));
        for (var place = 0; place < weights.Neighbors.shape[1]; place++)
        {
            expected += gamma * weights.NeighborWeights[2, place].item<float>() * Softplus(-Score(weights.Neighbors[2, place].item<int>()));
        }

        weights.Neighbors.shape[1].ShouldBe(gamma > 0 ? 3 : 0);
        model.Loss(batch, weights).item<float>().ShouldBe((float)expected, 1e-5f);
    }

    [Fact]
    public void The_gradient_is_that_of_finite_differences()
    {
        using var scope = NewDisposeScope();
        var train = Sample.Random(users: 8, items: 6);
        using var model = Make(train, Options);
        using var weights = new UltraGcnWeights(train, Options.Neighbors).Load(CPU);
        using var batch = Pair(3, 2, 4, 5);
        model.Loss(batch, weights).backward();
        foreach (var table in new[] { model.Parameter("users.weight"), model.Parameter("items.weight") })
        {
            var gradient = table.grad!.clone();
            for (var row = 0; row < table.shape[0]; row++)
            {
                float At(float shift)
                {
                    using (no_grad())
                    {
                        table[row, 1].add_(shift);
                        var loss = model.Loss(batch, weights).item<float>();
                        table[row, 1].sub_(shift);
                        return loss;
                    }
                }

                ((At(1e-2f) - At(-1e-2f)) / 2e-2f).ShouldBe(gradient[row, 1].item<float>(), 1e-3f);
            }
        }
    }

    [Fact]
    public void The_fold_in_weighs_items_by_their_coefficients_along_the_gradient_of_the_loss()
    {
        float[] factors = [0.5f, 0.2f, 0.9f, 0.4f, 0.7f];
        var loss = new ConstraintLoss(Options, factors).For([0, 2], [1, 3, 4]);
        double[] scores = [0.3, -0.4, 1.2, 0.1, -0.8]; // of items 0, 2, then 1, 3, 4
        double factor = Math.Sqrt(3) / 2;
        double Value(double[] s) =>
            (((0.5 + (2 * factor * 0.5)) * Softplus(-s[0])) + ((0.5 + (2 * factor * 0.9)) * Softplus(-s[1]))) / 2
            + (6.0 / 3 * (((0.3 + (4 * factor * 0.2)) * Softplus(s[2])) + ((0.3 + (4 * factor * 0.4)) * Softplus(s[3])) + ((0.3 + (4 * factor * 0.7)) * Softplus(s[4]))));
        var (pull, push) = (new float[2], new float[3]);
        loss.Weigh([(float)scores[0], (float)scores[1]], [(float)scores[2], (float)scores[3], (float)scores[4]], pull, push);

        float[] forces = [-pull[0], -pull[1], .. push];
        for (var place = 0; place < scores.Length; place++)
        {
            double At(double shift) => Value([.. scores.Select((score, other) => other == place ? score + shift : score)]);
            forces[place].ShouldBe((float)((At(1e-4) - At(-1e-4)) / 2e-4), 1e-4f);
        }

        loss.Penalty.ShouldBe(0.1);
        loss.Curvature.ShouldBeGreaterThan(0);
    }

    private static double Softplus(double x) => Math.Log(1 + Math.Exp(x));

    private static UltraGcn Make(TrainingSet train, UltraGcnOptions options) => new(options, UltraGcn.Info.Shape(options, train));

    private static PairwiseBatch Pair(int user, int item, int first, int second)
    {
        var batch = new PairwiseBatch(1, 2) { Count = 1 };
        (batch.UserBuffer[0], batch.PositiveBuffer[0], batch.NegativeBuffer[0], batch.NegativeBuffer[1]) = (user, item, first, second);
        batch.Load(CPU);
        return batch;
    }
}
