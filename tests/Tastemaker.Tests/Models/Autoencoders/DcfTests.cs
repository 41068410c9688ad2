using Tastemaker.Data;
using Tastemaker.Data.Features;
using Tastemaker.Data.Splits;
using Tastemaker.Inputs;
using Tastemaker.Models.Autoencoders;
using Tastemaker.Options;
using Tastemaker.Tests.Models.Baselines;
using Tastemaker.Tests.Nn;
using Tastemaker.Training;
using static Tastemaker.Tests.Models.Autoencoders.DcfSamples;
using static TorchSharp.torch;

namespace Tastemaker.Tests.Models.Autoencoders;

public sealed class DcfTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_reconstruction_is_least_squares_on_twenty_thousand_corrupted_copies(bool dense)
    {
        using var scope = NewDisposeScope();
        manual_seed(4);
        var rows = Bags(6, 5);
        using var side = new DcfSide(dense ? new FeatureMatrix(Matrix(rows).to(float32).DetachFromDisposeScope()) : new FeatureMatrix(rows), Ones(6), [0.7, 0.7, 0.7, 0.7, 1], new DcfOptions { FeatureWeight = 0 });
        var x = Matrix(rows).t(); // [p, n]
        var (target, moment) = (zeros([5, 5], float64), zeros([5, 5], float64));
        for (var copies = 0; copies < 20; copies++)
        {
            var clean = x.repeat(1, 1000); // [p, 1000 n]
            var corrupted = clean * rand(clean.shape, float64).gt(tensor(new[] { 0.3, 0.3, 0.3, 0.3, 0 }).unsqueeze(1)); // the last is never set to 0
            target += clean.matmul(corrupted.t());
            moment += corrupted.matmul(corrupted.t());
        }

        var explicitly = target.matmul(linalg.inv(moment));
        (side.Weights() - explicitly).norm().item<double>().ShouldBeLessThan(0.02 * explicitly.norm().item<double>());
    }

    [Fact]
    public void Without_noise_and_vectors_it_is_the_projector_on_the_features()
    {
        using var scope = NewDisposeScope();
        var rows = Bags(4, 7);
        using var side = new DcfSide(new FeatureMatrix(rows), Ones(4), Keep(1, 7), new DcfOptions { FeatureWeight = 0 });
        var x = Matrix(rows).t();
        var w = side.Weights();

        w.matmul(x).ShouldBeClose(x, 1e-4);
        w.matmul(w).ShouldBeClose(w, 1e-3);
        w.diag().sum().item<double>().ShouldBe(4, 1e-3); // its rank
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(1.0)]
    public void No_closed_form_increases_the_objective(double exponent)
    {
        using var scope = NewDisposeScope();
        var (train, _) = Cold(3);
        var options = new DcfOptions { Dimension = 3, FrequencyExponent = exponent, Regularization = 0.3, Noise = 0.4, FeatureWeight = 0.7, ConstantFeature = false };
        var model = Begun(options, train, out var modelTraining);
        var (x, y) = (Matrix(Tags(train.Data.UserFeatures!)).t(), Matrix(Tags(train.Data.ItemFeatures!)).t());
        var (ofUsers, ofItems) = (tensor(model.Weights(train.ByUser)).to(float64), tensor(model.Weights(train.ByItem)).to(float64));
        var last = Objective();
        var first = last;
        for (var round = 0; round < 4; round++)
        {
            Falls(() => model.UserSide!.SolveWeights(model.Saved("users")));
            Falls(() => model.UserSide!.SolveProjection(model.Saved("users")));
            Falls(() => model.ItemSide!.SolveWeights(model.Saved("items")));
            Falls(() => model.ItemSide!.SolveProjection(model.Saved("items")));
            Falls(() => model.SolveUsers(Serial));
            Falls(() => model.SolveItems(Serial));
        }

        last.ShouldBeLessThan(0.9 * first);
        modelTraining.Dispose();

        void Falls(Action step)
        {
            step();
            var now = Objective();
            now.ShouldBeLessThanOrEqualTo(last * (1 + 1e-5));
            last = now;
        }

        double Objective() =>
            (options.RatingWeight * model.SquaredError(Serial)) + Side(model.UserSide!, x, ofUsers, "users") + Side(model.ItemSide!, y, ofItems, "items");

        double Side(DcfSide side, Tensor features, Tensor omega, string key)
        {
            var (w, p, u) = (side.Weights(), side.Projection, tensor(model.Saved(key)).to(float64).view(-1, 3));
            var s = features.matmul(features.t());
            var (q, diagonal) = (1 - options.Noise, s.diag().diag());
            var reconstruction = s.diag().sum() - (2 * (w * (q * s)).sum()) + (w.matmul((q * q * s) + (q * (1 - q) * diagonal)) * w).sum() + (MarginalizedLayer.Ridge * w.square().sum());
            var projection = (omega * (p.matmul(u.t()) - w.matmul(features)).square().sum([0L])).sum();
            return (reconstruction + (options.FeatureWeight * projection) + (options.Regularization * (omega * u.square().sum([1L])).sum())).item<double>();
        }
    }

    [Fact]
    public void Without_the_weight_of_features_a_step_is_that_of_matrix_factorization()
    {
        var (train, _) = Cold(3);
        var options = new DcfOptions { Dimension = 3, Estimator = DcfEstimator.Sgd, FeatureWeight = 0, LearningRate = 0.02, Regularization = 0.1 };
        var model = Begun(options, train, out var modelTraining);
        model.UserSide.ShouldBeNull();
        double[][] users = Rows(model, "users"), items = Rows(model, "items");
        var rated = train.Rated;
        var mean = train.Interactions.Values.ToArray().Average();

        modelTraining.RunEpoch(Sample.Context(train));

        int[] owners = [.. Enumerable.Range(0, train.UserCount).SelectMany(user => Enumerable.Repeat(user, rated.Length(user)))];
        int[] order = [.. Enumerable.Range(0, owners.Length)];
        Sample.Context(train).Random().Shuffle(order.AsSpan());
        foreach (var pair in order)
        {
            var (u, v) = (users[owners[pair]], items[rated.Columns[pair]]);
            var error = rated.Values[pair] - mean - u.Zip(v).Sum(both => both.First * both.Second);
            for (var k = 0; k < 3; k++)
            {
                var old = u[k];
                u[k] += 0.02 * ((0.7 * error * v[k]) - (0.1 * old));
                v[k] += 0.02 * ((0.7 * error * old) - (0.1 * v[k]));
            }
        }

        // Those without ratings have no vector.
        Sample.ShouldBeClose(model.Saved("users"), [.. users.Index().SelectMany(user => train.Seen.Length(user.Index) > 0 ? user.Item : [0, 0, 0])], 1e-4);
        Sample.ShouldBeClose(model.Saved("items"), [.. items.Index().SelectMany(item => train.ByItem.Length(item.Index) > 0 ? item.Item : [0, 0, 0])], 1e-4);
    }

    [Fact]
    public void A_step_descends_the_gradient_that_the_paper_prints()
    {
        // One rating of 4 beside one of 2: the mean is 3. Gradients are halves of those of the squares.
        var train = Tagged(Sample.Of(2, 2, (0, 0, 4, 0), (1, 1, 2, 0)), [[0], [0, 1]], [[0, 1], [1]], 2);
        var options = new DcfOptions { Dimension = 2, Estimator = DcfEstimator.Sgd, FeatureWeight = 0.6, LearningRate = 0.1, Regularization = 0.2 };
        var model = Begun(options, train, out var modelTraining);
        float[] users = model.Saved("users"), items = model.Saved("items");
        using (var scope = NewDisposeScope())
        {
            model.UserSide!.SolveWeights(users);
            model.UserSide.SolveProjection(users);
            model.ItemSide!.SolveWeights(items);
            model.ItemSide.SolveProjection(items);
        }

        var (ofUsers, ofItems) = (Quadratic(model.UserSide, 0), Quadratic(model.ItemSide, 0));
        double[] point = [.. users[..2], .. items[..2]];
        double Half(double[] x) => 0.5 * ((0.7 * Math.Pow(1 - (x[0] * x[2]) - (x[1] * x[3]), 2)) + (0.2 * x.Sum(value => value * value))
            + (0.6 * (ofUsers(x[..2]) + ofItems(x[2..]))));

        modelTraining.RunEpoch(Sample.Context(train));

        Sample.ShouldBeClose([.. model.Saved("users")[..2], .. model.Saved("items")[..2]], Gradient.Descend(point, 0.1, Half), 1e-4);
        modelTraining.Dispose();

        // |P u|^2 - 2 u.(P^T W x), up to a constant.
        Func<double[], double> Quadratic(DcfSide side, int row) => u =>
        {
            var sum = 0.0;
            for (var k = 0; k < 2; k++)
            {
                sum -= 2 * u[k] * side.Pull[(row * 2) + k];
                for (var l = 0; l < 2; l++)
                {
                    sum += u[k] * side.Gram[k, l] * u[l];
                }
            }

            return sum;
        };
    }

    [Fact]
    public void The_order_of_features_does_not_matter()
    {
        var (train, _) = Cold(3);
        var order = Enumerable.Range(0, UserTags).Reverse().ToArray();
        var column = (MultiCategoricalColumn)train.Data.UserFeatures!.Columns[0];
        var permuted = new TrainingSet(train.Data with
        {
            UserFeatures = new FeatureTable(train.UserCount, [new MultiCategoricalColumn("tags", new Vocabulary(order.Select(tag => column.Categories[tag])), SparseRows.FromRows(
                [.. Enumerable.Range(0, train.UserCount).Select(user => (IReadOnlyList<int>)[.. column.Values[user].ToArray().Select(tag => UserTags - 1 - tag)])], UserTags))]),
        });
        var options = new DcfOptions { Dimension = 3, Regularization = 0.3, ConstantFeature = false };
        using var scope = NewDisposeScope();
        using var model = Begun(options, train, out var modelTraining);
        using var other = Begun(options, permuted, out var otherTraining);
        var state = new Dictionary<string, Tensor>(modelTraining.State());
        state["user_projection"] = state["user_projection"].view(-1, 3).flip(0).flatten();
        otherTraining.Restore(state);
        for (var epoch = 0; epoch < 3; epoch++)
        {
            modelTraining.RunEpoch(Sample.Context(train, epoch));
            otherTraining.RunEpoch(Sample.Context(permuted, epoch));
        }

        Sample.ShouldBeClose(other.Saved("users"), [.. model.Saved("users").Select(value => (double)value)], 1e-4);
        Sample.ShouldBeClose(other.Saved("items"), [.. model.Saved("items").Select(value => (double)value)], 1e-4);
        modelTraining.Dispose();
        otherTraining.Dispose();
    }

    [Theory]
    [InlineData(DcfEstimator.Ridge, 1, 0.7)]
    [InlineData(DcfEstimator.Sgd, 1, 0.7)]
    [InlineData(DcfEstimator.Ridge, 3, 0.9)] // tanh of what a layer made of them keeps less of what the ratings depend on linearly
    public void Users_and_items_without_ratings_are_placed_by_their_features(DcfEstimator estimator, int layers, double share)
    {
        var (train, test) = Cold(3);
        var options = new DcfOptions { Dimension = 4, Estimator = estimator, Layers = layers, FeatureWeight = 1, Regularization = 0.05, Noise = 0.2, LearningRate = 0.02, Epochs = 40 };
        var model = Begun(options, train).Fit(train);
        var factorized = Begun(options with { FeatureWeight = 0 }, train).Fit(train);

        var error = Rmse(model, test);
        error.ShouldBeLessThan(share * Rmse(factorized, test));
        if (layers == 1)
        {
            error.ShouldBeLessThan(0.9 * AdditiveRmse(train, test));
        }
    }

    [Fact]
    public void Clicks_rank_items_that_nobody_chose_by_their_features()
    {
        // Users choose what shares their tag; every fourth item has no click.
        const int users = 40, items = 40, kinds = 4;
        var random = new SeededRandom(2);
        var rows = new List<(int, int, float, long)>();
        for (var user = 0; user < users; user++)
        {
            for (var item = 0; item < items; item++)
            {
                if (item / 4 % kinds == user % kinds && item % 4 != 0 && random.NextDouble() < 0.7)
                {
                    rows.Add((user, item, 1, 0));
                }
            }
        }

        var train = Tagged(Sample.WithoutValuesAndTimes(Sample.Of(users, items, [.. rows])), [.. Enumerable.Range(0, users).Select(user => new[] { user % 2 })], [.. Enumerable.Range(0, items).Select(item => new[] { item / 4 % kinds })], kinds);
        var model = Begun(new DcfOptions { Dimension = 6, Regularization = 0.1, FeatureWeight = 1 }, train).Fit(train);

        var scores = model.Scores(Sample.KnownUsers(train));
        for (var user = 0; user < users; user++)
        {
            var cold = Enumerable.Range(0, items / 4).Select(block => (Block: block, Score: scores[user][4 * block])).MaxBy(pair => pair.Score);
            (cold.Block % kinds).ShouldBe(user % kinds);
        }
    }

    [Fact]
    public void What_cannot_be_done_is_refused_with_a_remedy()
    {
        var (train, _) = Cold(3);
        Should.Throw<InputException>(() => Begun(new DcfOptions { Layers = 2 }, train)).Message.ShouldContain("such as 3");
        Should.Throw<InputException>(() => Begun(new DcfOptions { ItemFields = ["user.tags"], UserFields = ["item"] }, train)).Message.ShouldContain("item is no feature");

        var clicks = new TrainingSet(train.Data with { Interactions = new Interactions([.. train.Interactions.Users], [.. train.Interactions.Items]) });
        Should.Throw<InputException>(() => Begun(new DcfOptions { Estimator = DcfEstimator.Sgd }, clicks)).Message.ShouldContain("estimator");

        var plain = Sample.Random();
        var split = new Split { Description = "all", Train = plain, Test = new HoldOut { Requests = Sample.KnownUsers(plain), Targets = plain.Seen } };
        Should.Throw<InputException>(() => Recommender.Train("dcf", split)).Message.ShouldContain("features of users and items");
    }
}
