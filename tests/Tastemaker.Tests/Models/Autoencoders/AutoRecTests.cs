using Tastemaker.Catalog;
using Tastemaker.Data;
using Tastemaker.Data.Splits;
using Tastemaker.Inputs;
using Tastemaker.Models;
using Tastemaker.Models.Autoencoders;
using Tastemaker.Options;
using Tastemaker.Recommending;
using Tastemaker.Tests.Nn;
using Tastemaker.Training;
using static TorchSharp.torch;

namespace Tastemaker.Tests.Models.Autoencoders;

public sealed class AutoRecTests
{
    private static readonly ModelShape Shape = new(3, 5, 1, 5);
    private static readonly (int, float)[][] Rows = [[(0, 5), (3, 1)], [(1, 2), (3, 4), (4, 3)]];

    [Fact]
    public void The_loss_is_the_masked_squared_error_of_rows_and_the_share_of_the_squares_of_weights()
    {
        using var scope = NewDisposeScope();
        using var model = Create(regularization: 6);
        var (v, mu, w, b) = (model.Parameter("first.rows.weight"), model.Parameter("first.bias"), model.Parameter("decoder.weight"), model.Parameter("decoder.bias"));
        model.Loss(Requests.Ratings(Rows)).item<float>().ShouldBe((float)ByHand(v, mu, w, b).item<double>(), 1e-3f);
    }

    [Fact]
    public void Gradients_are_those_of_the_masked_loss_by_finite_differences()
    {
        using var scope = NewDisposeScope();
        using var model = Create(regularization: 6);
        var (v, mu, w, b) = (model.Parameter("first.rows.weight"), model.Parameter("first.bias"), model.Parameter("decoder.weight"), model.Parameter("decoder.bias"));
        model.Loss(Requests.Ratings(Rows)).backward();
        v.grad!.to(float64).ShouldBeClose(Numbers.Differences(at => ByHand(at, mu, w, b), v.detach().to(float64)), 1e-4);
        mu.grad!.to(float64).ShouldBeClose(Numbers.Differences(at => ByHand(v, at, w, b), mu.detach().to(float64)), 1e-4);
        w.grad!.to(float64).ShouldBeClose(Numbers.Differences(at => ByHand(v, mu, at, b), w.detach().to(float64)), 1e-4);
        b.grad!.to(float64).ShouldBeClose(Numbers.Differences(at => ByHand(v, mu, w, at), b.detach().to(float64)), 1e-4);
    }

    [Fact]
    public void Weights_begin_with_the_deviation_asked_for()
    {
        using var scope = NewDisposeScope();
        using var model = new AutoRec(new AutoRecOptions { Hidden = [60], InitialDeviation = 0.05 }, new ModelShape(3, 200, 1, 5), RatingSide.Users);
        foreach (var table in new[] { "first.rows.weight", "decoder.weight" })
        {
            model.Parameter(table).std().item<float>().ShouldBe(0.05f, 0.002f);
        }
    }

    [Fact]
    public void Columns_that_no_row_of_the_batch_has_rated_move_by_the_squares_of_weights_alone()
    {
        using var scope = NewDisposeScope();
        using var model = Create(regularization: 0);
        model.Loss(Requests.Ratings(Rows)).backward();
        foreach (var table in new[] { "first.rows.weight", "decoder.weight" })
        {
            model.Parameter(table).grad!.abs().sum(1).Values().Select(sum => sum > 0).ShouldBe([true, true, false, true, true]);
        }
    }

    [Theory]
    [InlineData("autorec", "hidden=[4]", "epochs=5", "batch-size=4")]
    [InlineData("rbm-cf", "hidden=4", "epochs=5", "batch-size=4")]
    [InlineData("cf-nade", "hidden=[4]", "epochs=5", "batch-size=4")]
    public void The_item_model_on_ratings_is_the_user_model_on_their_transpose_to_the_bit(string system, params string[] settings)
    {
        var (users, items, ratings) = Some();
        using var ofItems = Train($"i-{system}", users, items, ratings, 9, 7, settings);
        using var ofUsers = Train($"u-{system}", items, users, ratings, 7, 9, settings);
        ofItems.ShouldBe(ofUsers, users, items);
    }

    [Fact]
    public void Someone_unknown_is_predicted_the_mean_and_a_repeated_pair_counts_its_latest_rating()
    {
        using var trained = Train("i-autorec", [0, 0, 1], [0, 0, 1], [1, 5, 4], 3, 3, ["hidden=[2]", "epochs=1"]);
        var ratings = new float[3];
        trained.Predictor.Predict([-1, 0, 2], [0, 2, 1], ratings);
        ratings.ShouldBe([4.5f, 4.5f, 4.5f]);
    }

    [Fact]
    public void A_listed_film_without_a_rating_counts_as_liked()
    {
        var (users, items, ratings) = Some();
        using var trained = Train("u-autorec", users, items, ratings, 9, 7, ["hidden=[4]", "epochs=5"]);
        var listed = Requests.Scores(((TrainedRecommender)trained.Recommender).Model, Requests.OfHistories(7, [1, 3]));
        var rated = new RequestBatch([-1], new SparseRows([0, 2], [1, 3], 7, [5, 5]));
        Requests.Scores(((TrainedRecommender)trained.Recommender).Model, rated).ShouldBe(listed);
    }

    [Fact]
    public void Bounded_outputs_are_stretched_over_the_scale()
    {
        using var scope = NewDisposeScope();
        using var model = new AutoRec(new AutoRecOptions { Hidden = [2], OutputActivation = Activation.Logistic, Regularization = 0 }, Shape, RatingSide.Users);
        using (no_grad())
        {
            model.Parameter("decoder.weight").zero_();
            model.Parameter("decoder.bias").copy_(tensor(new float[] { 0, 50, -50, 0, 0 }));
        }

        model.Loss(Requests.Ratings([(0, 3), (1, 5), (2, 1)])).item<float>().ShouldBe(0, 1e-6f);
    }

    private static AutoRec Create(double regularization) => new(new AutoRecOptions { Hidden = [3], Regularization = regularization, InitialDeviation = 0.3 }, Shape, RatingSide.Users);

    private static Tensor ByHand(Tensor v, Tensor mu, Tensor w, Tensor b)
    {
        var (r, mask) = (zeros(2, 5, float64), zeros(2, 5, float64));
        for (var row = 0; row < 2; row++)
        {
            foreach (var (column, value) in Rows[row])
            {
                r[row, column] = value;
                mask[row, column] = 1;
            }
        }

        var hidden = (r.matmul(v.to(float64)) + mu.to(float64)).sigmoid();
        var error = (hidden.matmul(w.to(float64).t()) + b.to(float64) - r) * mask;
        return (error.square().sum() / 2) + (6.0 / 2 / 2 * (v.to(float64).square().sum() + w.to(float64).square().sum())); // both rows of two: lambda / 2n
    }

    private static (int[] Users, int[] Items, float[] Ratings) Some()
    {
        var random = new SeededRandom(3);
        var pairs = Enumerable.Range(0, 63).Where(_ => random.Next(3) > 0).ToArray();
        return ([.. pairs.Select(pair => pair / 7)], [.. pairs.Select(pair => pair % 7)], [.. pairs.Select(pair => 1f + (pair * 7 % 5))]);
    }

    private static Trained Train(string system, int[] users, int[] items, float[] ratings, int userCount, int itemCount, string[] settings)
    {
        var data = ConformanceData.Dataset([.. users], [.. items], [.. ratings], [.. users.Select((_, row) => (long)row)], userCount, itemCount);
        var train = new TrainingSet(data);
        var none = new HoldOut { Requests = new RequestBatch([], SparseRows.Empty(0, itemCount)), Targets = SparseRows.Empty(0, itemCount), Excluded = SparseRows.Empty(0, itemCount) };
        var options = Tastemaker.Tests.Conformance.SystemCases.Options(SystemCatalog.Find(system), new Dictionary<string, string[]> { [system] = settings });
        var split = new Split { Description = "all", Train = train, Test = none };
        return new Trained(Recommender.Train(system, split, options, new TrainingOptions { Threads = 1, Seed = 2 }, cancellation: TestContext.Current.CancellationToken));
    }

    private sealed record Trained(IRecommender Recommender) : IDisposable
    {
        public IRatingPredictor Predictor => Recommender.As<IRatingPredictor>()!;

        public void ShouldBe(Trained other, int[] users, int[] items)
        {
            var (mine, theirs) = (new float[users.Length], new float[users.Length]);
            Predictor.Predict(users, items, mine);
            other.Predictor.Predict(items, users, theirs);
            mine.ShouldBe(theirs);
        }

        public void Dispose() => Recommender.Dispose();
    }
}
