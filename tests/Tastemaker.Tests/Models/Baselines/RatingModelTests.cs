using Tastemaker.Data;
using Tastemaker.Inputs;
using Tastemaker.Models.Baselines;
using Tastemaker.Options;
using Tastemaker.Recommending;
using Tastemaker.Training;

namespace Tastemaker.Tests.Models.Baselines;

public sealed class RatingModelTests
{
    [Fact]
    public void Without_factors_a_rating_is_mean_and_biases()
    {
        var train = Sample.Random();
        var model = new BiasedMf(ModelShape.Of(train), new BiasedMfOptions { Dimension = 4, InitialDeviation = 0 }).Fit(train);

        model.Saved("users").ShouldAllBe(value => value == 0);
        Predict(model, 3, 5).ShouldBe(model.Saved("mean")[0] + model.Saved("user_bias")[3] + model.Saved("item_bias")[5], 1e-6f);
        model.Saved("user_bias")[3].ShouldNotBe(0);
    }

    [Fact]
    public void The_error_of_the_mean_is_the_variance_of_the_ratings()
    {
        var train = Sample.Random();
        float[] ratings = [.. train.Interactions.Values];
        var mean = ratings.Average();
        var model = new BiasedMf(ModelShape.Of(train), new BiasedMfOptions { InitialDeviation = 0, LearningRate = 1e-8 });
        using var modelTraining = model.Begin(train, new());

        modelTraining.RunEpoch(Sample.Context(train))!.Value.ShouldBe(ratings.Average(rating => (rating - mean) * (rating - mean)), 1e-4);
    }

    [Fact]
    public void A_step_of_biased_mf_descends_the_gradient()
    {
        // Two ratings of strangers to each other fix the mean at 3; the second user's has no error and no weight to decay.
        var train = Sample.Of(2, 2, (0, 0, 5, 0), (1, 1, 1, 0));
        var options = new BiasedMfOptions { Dimension = 2, LearningRate = 0.3, Regularization = 0.1 };
        var model = new BiasedMf(ModelShape.Of(train), options)
            .With(("users", [0.3f, -0.8f, 0, 0]), ("items", [0.5f, 0.2f, 0, 0]), ("item_bias", [0.1f, -1]), ("user_bias", [0.4f, -1]))
            .Fit(train, epochs: 1);

        var expected = Gradient.Descend([0.3, -0.8, 0.5, 0.2, 0.1, 0.4], 0.3, x =>
        {
            var error = 5 - (3 + x[4] + x[5] + (x[0] * x[2]) + (x[1] * x[3]));
            return (error * error / 2) + (0.1 / 2 * x.Sum(value => value * value));
        });
        Sample.ShouldBeClose(
            [.. model.Saved("users")[..2], .. model.Saved("items")[..2], model.Saved("item_bias")[0], model.Saved("user_bias")[0]], expected, 1e-5);
    }

    [Fact]
    public void A_step_of_svd_plus_plus_descends_the_gradient_of_its_implicit_part_too()
    {
        var train = Sample.Of(1, 1, (0, 0, 5, 0));
        var options = new SvdPlusPlusOptions { Dimension = 1, LearningRate = 0.3, Regularization = 0.1 };
        var model = Make(train, options).With(("users", [0.3f]), ("items", [0.5f]), ("implicit_items", [-0.7f]), ("item_bias", [0.1f]), ("user_bias", [-0.6f]))
            .Fit(train, epochs: 1);

        // p q y b_i b_u; the mean of the only rating is 5.
        var expected = Gradient.Descend([0.3, 0.5, -0.7, 0.1, -0.6], 0.3, x =>
        {
            var error = 5 - (5 + x[3] + x[4] + (x[1] * (x[0] + x[2])));
            return (error * error / 2) + (0.1 / 2 * x.Sum(value => value * value));
        });
        Sample.ShouldBeClose(
            [.. model.Saved("users"), .. model.Saved("items"), .. model.Saved("implicit_items"), .. model.Saved("item_bias"), .. model.Saved("user_bias")],
            expected, 1e-5);
    }

    [Fact]
    public void Composed_updates_of_the_implicit_vectors_equal_updates_rating_by_rating()
    {
        var train = Sample.Random(users: 12, items: 9);
        var options = new SvdPlusPlusOptions { Dimension = 3, LearningRate = 0.05, Regularization = 0.1 };
        var model = Make(train, options);
        var reference = new StepByStep(model, train, options);

        model.Fit(train, epochs: 1);
        reference.Epoch(Sample.Context(train).Random());

        Sample.ShouldBeClose(model.Saved("implicit_items"), [.. reference.Y.SelectMany(vector => vector)], 1e-4);
        Sample.ShouldBeClose(model.Saved("items"), [.. reference.Q.SelectMany(vector => vector)], 1e-4);
        Sample.ShouldBeClose(model.Saved("users"), [.. reference.P.SelectMany(vector => vector)], 1e-4);
    }

    [Fact]
    public void Without_implicit_vectors_svd_plus_plus_is_biased_mf()
    {
        var train = Sample.Random();
        var plain = new BiasedMf(ModelShape.Of(train), new BiasedMfOptions { Dimension = 4 }).Fit(train);
        var model = Make(train, new SvdPlusPlusOptions { Dimension = 4 }).With(
            ("users", plain.Saved("users")), ("items", plain.Saved("items")), ("user_bias", plain.Saved("user_bias")), ("item_bias", plain.Saved("item_bias")),
            ("mean", plain.Saved("mean")), ("implicit_items", new float[train.ItemCount * 4]), ("implicit_users", new float[train.UserCount * 4]));

        model.Scores(Sample.KnownUsers(train)).ShouldBe(plain.Scores(Sample.KnownUsers(train)));
    }

    [Fact]
    public void A_stranger_is_scored_from_the_implicit_vectors_of_the_history()
    {
        var train = Sample.Random();
        var model = Make(train, new SvdPlusPlusOptions { Dimension = 4 }).Fit(train, epochs: 3)
            .With(("users", new float[train.UserCount * 4]), ("user_bias", new float[train.UserCount]));
        var (known, stranger) = (model.Scores(Sample.KnownUsers(train)), model.Scores(Sample.ColdStartUsers(train)));

        Sample.ShouldBeClose(stranger[5], [.. known[5].Select(score => (double)score)]);
    }

    [Fact]
    public void A_stranger_is_given_the_vector_that_fits_the_ratings_of_the_history()
    {
        var model = new BiasedMf(new ModelShape(1, 3, 1, 5), new BiasedMfOptions { Dimension = 1, Regularization = 0.1 })
            .With(("items", [1, -1, 2]), ("item_bias", [0, 0, 0]), ("mean", [3]));

        // Residuals 2 and -2 leave nothing to b_u; 2 (2 - p)^2 + 0.2 p^2 is least at p = 8 / 4.4.
        var scores = model.Scores(new RequestBatch([-1], new SparseRows([0, 2], [0, 1], 3, [5f, 1f])));

        scores[0][2].ShouldBe((float)(3 + (2 * 8 / 4.4)), 1e-5f);
    }

    [Fact]
    public void Without_ratings_the_items_of_a_history_count_as_the_best()
    {
        var model = new BiasedMf(new ModelShape(1, 3, 1, 5), new BiasedMfOptions { Dimension = 1, Regularization = 0.1 })
            .With(("items", [1, -1, 2]), ("item_bias", [0, 0, 0]), ("mean", [3]));

        var given = model.Scores(new RequestBatch([-1], new SparseRows([0, 1], [0], 3, [5f])));
        var absent = model.Scores(new RequestBatch([-1], new SparseRows([0, 1], [0], 3)));

        absent[0].ShouldBe(given[0]);
        absent[0][2].ShouldBeGreaterThan(absent[0][1]);
    }

    [Fact]
    public void Unknown_users_and_items_drop_their_terms_down_to_the_mean()
    {
        var train = Sample.Random();
        foreach (var model in new Model[] { new BiasedMf(ModelShape.Of(train), new BiasedMfOptions()).Fit(train), Make(train, new()).Fit(train) })
        {
            var (mean, user, item) = (model.Saved("mean")[0], model.Saved("user_bias")[3], model.Saved("item_bias")[5]);
            Predict(model, -1, -1).ShouldBe(mean);
            Predict(model, 3, -1).ShouldBe(mean + user);
            Predict(model, -1, 5).ShouldBe(mean + item);
            Predict(model, 3, 5).ShouldBe(model.Scores(Sample.KnownUsers(train))[3][5], 1e-5f);
        }
    }

    [Fact]
    public void Data_without_ratings_is_refused()
    {
        var train = Sample.WithoutValuesAndTimes(Sample.Random());

        Should.Throw<InputException>(() => new BiasedMf(ModelShape.Of(train), new()).Begin(train, new TrainingOptions())).Message.ShouldContain("value");
        Should.Throw<InputException>(() => Make(train, new()).Begin(train, new TrainingOptions())).Message.ShouldContain("value");
    }

    private static SvdPlusPlus Make(TrainingSet train, SvdPlusPlusOptions options) => new(ModelShape.Of(train), options);

    private static float Predict(Model model, int user, int item)
    {
        var value = new float[1];
        ((IRatingModel)model).Predict([user], [item], value);
        return value[0];
    }

    /// <summary>SVD++ as the equations stand: every rating moves every y_j of its user.</summary>
    private sealed class StepByStep(SvdPlusPlus model, TrainingSet train, SvdPlusPlusOptions options)
    {
        private readonly double[] userBias = new double[train.UserCount];
        private readonly double[] itemBias = new double[train.ItemCount];

        public double[][] P { get; } = Table(model, "users");

        public double[][] Q { get; } = Table(model, "items");

        public double[][] Y { get; } = Table(model, "implicit_items");

        public void Epoch(SeededRandom random)
        {
            var mean = 0.0;
            foreach (var value in train.Interactions.Values)
            {
                mean += value / (double)train.Interactions.Count;
            }

            int[] users = [.. Enumerable.Range(0, train.UserCount)];
            random.Shuffle(users.AsSpan());
            foreach (var user in users)
            {
                int[] order = [.. Enumerable.Range(0, train.ByUser.Length(user))];
                random.Shuffle(order.AsSpan());
                foreach (var entry in order)
                {
                    Step(user, train.ByUser[user][entry], train.ByUser.RowValues(user)[entry], mean);
                }
            }
        }

        private static double[][] Table(SvdPlusPlus model, string key) => [.. model.Saved(key).Select(value => (double)value).Chunk(3)];

        private void Step(int user, int item, double rating, double mean)
        {
            var (rate, penalty) = (options.LearningRate, options.Regularization);
            int[] all = [.. train.Seen[user]];
            var root = 1 / Math.Sqrt(all.Length);
            var (p, q) = (P[user].ToArray(), Q[item].ToArray());
            double[] z = [.. Enumerable.Range(0, 3).Select(k => root * all.Sum(other => Y[other][k]))];
            var error = rating - mean - userBias[user] - itemBias[item] - Enumerable.Range(0, 3).Sum(k => q[k] * (p[k] + z[k]));
            userBias[user] += rate * (error - (penalty * userBias[user]));
            itemBias[item] += rate * (error - (penalty * itemBias[item]));
            for (var k = 0; k < 3; k++)
            {
                P[user][k] += rate * ((error * q[k]) - (penalty * p[k]));
                Q[item][k] += rate * ((error * (p[k] + z[k])) - (penalty * q[k]));
                foreach (var other in all)
                {
                    Y[other][k] += rate * ((error * root * q[k]) - (penalty * Y[other][k]));
                }
            }
        }
    }
}
