using Tastemaker.Batches;
using Tastemaker.Inputs;
using Tastemaker.Models.Mlp;
using Tastemaker.Nn;
using Tastemaker.Options;
using Tastemaker.Tests.Models.Baselines;
using Tastemaker.Tests.Nn;
using Tastemaker.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Tastemaker.Tests.Models.Mlp;

public sealed class CmlTests
{
    private static readonly ModelShape Shape = new(5, 8);

    [Fact]
    public void Scores_are_squared_distances_with_a_minus_and_rank_as_their_linear_form()
    {
        using var scope = NewDisposeScope();
        using var model = new Cml(new CmlOptions { Dimension = 6 }, Shape);
        var scores = Requests.Scores(model, Requests.OfUsers(0, 1, 2, 3, 4));

        using var grad = no_grad();
        var (u, v) = (model.Users.Weight, model.Items.Weight);
        var distances = MetricLosses.SquaredDistance(u.unsqueeze(1), v.unsqueeze(0)); // [5, 8]
        tensor(scores).ShouldBeClose(-distances, 1e-5);
        var linear = (2 * u.matmul(v.t())) - v.square().sum([1]);
        tensor(scores).argsort(1).ShouldBeClose(linear.argsort(1), 0);
    }

    [Fact]
    public void Scores_obey_the_triangle_inequality()
    {
        using var scope = NewDisposeScope();
        using var model = new Cml(new CmlOptions { Dimension = 3 }, Shape);
        var distances = (-tensor(Requests.Scores(model, Requests.OfUsers(0, 1, 2, 3, 4)))).clamp_min(0).sqrt(); // [5, 8]
        using var grad = no_grad();
        var between = MetricLosses.SquaredDistance(model.Items.Weight.unsqueeze(1), model.Items.Weight.unsqueeze(0)).sqrt(); // [8, 8]
        (distances.unsqueeze(2) - distances.unsqueeze(1) - between).max().item<float>().ShouldBeLessThan(1e-4f);
    }

    [Fact]
    public void Gradients_are_twice_the_weighted_differences()
    {
        using var scope = NewDisposeScope();
        using var model = new Cml(new CmlOptions { Dimension = 4, Margin = 4, Negatives = 2 }, Shape);
        model.to(float64);
        var batch = Pairs((1, 2, [5, 6]));
        var (hardest, weights) = model.Compared(batch);

        model.Loss(batch).backward();

        var (k, w) = (hardest[0].item<int>(), Math.Log(1 + 8)); // both are within a margin of 4: rank floor(8 * 2 / 2)
        weights[0].item<double>().ShouldBe(w, 1e-6);
        using var grad = no_grad();
        var (u, vj, vk) = (model.Users.Weight[1], model.Items.Weight[2], model.Items.Weight[k]);
        model.Users.Weight.grad![1].ShouldBeClose(2 * w * (vk - vj), 1e-6);
        model.Items.Weight.grad![2].ShouldBeClose(2 * w * (vj - u), 1e-6);
        model.Items.Weight.grad![k].ShouldBeClose(2 * w * (u - vk), 1e-6);
        model.Items.Weight.grad![11 - k].abs().max().item<double>().ShouldBe(0); // the other one drawn
    }

    [Fact]
    public void The_nearest_of_the_drawn_items_is_compared_and_those_within_the_margin_are_counted()
    {
        using var scope = NewDisposeScope();
        using var model = At(new CmlOptions { Dimension = 1, Margin = 0.2, Negatives = 3 }, [0, 0, 0, 0, 0], [0.5f, 0.6f, 0.9f, -0.3f, 0, 0, 0, 0]);

        var (hardest, weights) = model.Compared(Pairs((0, 0, [1, 2, 3]), (0, 3, [2, 2, 2])));

        hardest.data<int>().ToArray().ShouldBe([3, 2]);
        weights[0].item<float>().ShouldBe((float)Math.Log(1 + 5), 1e-5f); // .36 and .09 < .25 + .2, .81 is not: floor(8 * 2 / 3)
        weights[1].item<float>().ShouldBe(0);
    }

    [Fact]
    public void Where_nothing_is_too_near_there_is_no_loss_and_no_gradient()
    {
        using var scope = NewDisposeScope();
        using var model = At(new CmlOptions { Dimension = 1, Margin = 0.5, Negatives = 2 }, [0.9f, 0, 0, 0, 0], [0.8f, -0.9f, -0.8f, 0, 0, 0, 0, 0]);

        var loss = model.Loss(Pairs((0, 0, [1, 2])));
        loss.backward();

        loss.item<float>().ShouldBe(0);
        model.Users.Weight.grad!.abs().max().item<float>().ShouldBe(0);
        model.Items.Weight.grad!.abs().max().item<float>().ShouldBe(0);
    }

    [Fact]
    public void A_rotation_of_everything_changes_neither_loss_nor_scores_but_covariance()
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        using var model = new Cml(new CmlOptions { Dimension = 5, Negatives = 3 }, Shape);
        var batch = Pairs((0, 1, [2, 3, 4]), (3, 2, [0, 6, 7]));
        var (loss, scores) = (model.Loss(batch).item<float>(), Requests.Scores(model, Requests.OfUsers(0, 3)));
        var covariance = MetricLosses.Covariance(model.Items.Weight).item<float>();

        var (rotation, _) = linalg.qr(randn(5, 5));
        model.train();
        model.Users.Weight.copy_(model.Users.Weight.matmul(rotation));
        model.Items.Weight.copy_(model.Items.Weight.matmul(rotation));

        model.Loss(batch).item<float>().ShouldBe(loss, 1e-4f);
        Requests.Scores(model, Requests.OfUsers(0, 3)).ShouldBeClose(scores, 1e-5);
        Math.Abs(MetricLosses.Covariance(model.Items.Weight).item<float>() - covariance).ShouldBeGreaterThan(1e-4f);
    }

    [Theory]
    [InlineData(OptimizerKind.Adagrad, RowUpdates.Whole)]
    [InlineData(OptimizerKind.Adagrad, RowUpdates.Touched)]
    [InlineData(OptimizerKind.Adam, RowUpdates.Whole)] // moves rows that are not in the batch
    [InlineData(OptimizerKind.Adam, RowUpdates.Touched)]
    public void Everything_is_inside_the_ball_after_every_step(OptimizerKind optimizer, RowUpdates updates)
    {
        var train = Sample.Random();
        using var model = new Cml(new CmlOptions { Dimension = 4, BatchSize = 16, Negatives = 3, Optimizer = optimizer, LearningRate = 0.3 }, ModelShape.Of(train));
        var steps = 0;
        void Check()
        {
            using var scope = NewDisposeScope();
            using var grad = no_grad();
            model.Users.Weight.norm(1).max().item<float>().ShouldBeLessThanOrEqualTo(1 + 1e-6f);
            model.Items.Weight.norm(1).max().item<float>().ShouldBeLessThanOrEqualTo(1 + 1e-6f);
            steps++;
        }

        Check();
        using var modelTraining = model.Begin(train, new TrainingOptions { RowUpdates = updates });
        modelTraining.RunEpoch(new EpochContext(train, 0, new TrainingOptions(), (_, _, _, _) => Check(), CancellationToken.None));
        modelTraining.Dispose();
        steps.ShouldBeGreaterThan(5);
    }

    [Fact]
    public void Tables_updated_by_row_learn_what_whole_ones_do()
    {
        var train = Sample.Random();
        float[] Learned(RowUpdates updates)
        {
            random.manual_seed(3);
            using var model = new Cml(new CmlOptions { Dimension = 4, BatchSize = 32, Negatives = 3, Covariance = 0.5 }, ModelShape.Of(train));
            using var modelTraining = model.Begin(train, new TrainingOptions { RowUpdates = updates });
            modelTraining.RunEpoch(Sample.Context(train));
            return [.. model.Users.Weight.Values(), .. model.Items.Weight.Values()];
        }

        Sample.ShouldBeClose(Learned(RowUpdates.Touched), [.. Learned(RowUpdates.Whole).Select(value => (double)value)], 1e-4);
    }

    [Fact]
    public void Covariance_enters_the_loss_by_its_weight()
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        var batch = Pairs((0, 1, [2, 3]), (3, 2, [0, 6]), (4, 7, [5, 6]));
        float Loss(double weight)
        {
            random.manual_seed(9);
            using var model = new Cml(new CmlOptions { Dimension = 3, Negatives = 2, Covariance = weight }, Shape);
            return model.Loss(batch).item<float>();
        }

        var (none, one, ten) = (Loss(0), Loss(1), Loss(10));
        one.ShouldBeGreaterThan(none);
        (ten - none).ShouldBe(10 * (one - none), 1e-4f);
    }

    [Fact]
    public void What_is_liked_by_the_same_users_comes_near_though_nobody_said_so()
    {
        // Some like the items of A, some those of B, some both; others like C (figure 3 of the paper).
        const int pool = 8;
        int[][] tastes = [[0], [1], [0, 1], [2]];
        var rows = Enumerable.Range(0, 40).SelectMany(user => tastes[user % 4].SelectMany(kind =>
            Enumerable.Range(0, pool).Where(item => (item + (user / 4)) % 4 != 0).Select(item => (user, (kind * pool) + item, 1f, 0L))));
        var train = Sample.Of(40, 3 * pool, [.. rows]);
        random.manual_seed(1);
        using var model = new Cml(new CmlOptions { Dimension = 10, BatchSize = 50, Margin = 0.5, Negatives = 5, Epochs = 15 }, ModelShape.Of(train)).Fit(train);

        using var scope = NewDisposeScope();
        using var grad = no_grad();
        Tensor Pool(int kind) => model.Items.Weight.narrow(0, kind * pool, pool);
        float Apart(Tensor one, Tensor other) => MetricLosses.SquaredDistance(one.unsqueeze(1), other.unsqueeze(0)).sqrt().mean().item<float>();
        Apart(Pool(0), Pool(1)).ShouldBeLessThan(0.95f * Apart(Pool(0), Pool(2)));
        Apart(Pool(0), Pool(1)).ShouldBeLessThan(0.95f * Apart(Pool(1), Pool(2)));
    }

    /// <summary>A loaded batch of pairs, each with items the user lacks.</summary>
    internal static PairwiseBatch Pairs(params (int User, int Item, int[] Others)[] pairs)
    {
        var each = pairs[0].Others.Length;
        var batch = new PairwiseBatch(pairs.Length, each) { Count = pairs.Length };
        for (var pair = 0; pair < pairs.Length; pair++)
        {
            (batch.UserBuffer[pair], batch.PositiveBuffer[pair]) = (pairs[pair].User, pairs[pair].Item);
            pairs[pair].Others.CopyTo(batch.NegativeBuffer, pair * each);
        }

        batch.Load(CPU);
        return batch;
    }

    private static Cml At(CmlOptions options, float[] users, float[] items)
    {
        var model = new Cml(options, new ModelShape(users.Length, items.Length));
        using var grad = no_grad();
        model.Users.Weight.copy_(tensor(users).unsqueeze(1));
        model.Items.Weight.copy_(tensor(items).unsqueeze(1));
        return model;
    }
}
