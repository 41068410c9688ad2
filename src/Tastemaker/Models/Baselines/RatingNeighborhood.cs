using Tastemaker.Data;
using Tastemaker.Inputs;
using Tastemaker.Options;
using Tastemaker.Recommending;
using Tastemaker.Scoring;
using Tastemaker.Solvers;
using Tastemaker.Training;
using static TorchSharp.torch;

namespace Tastemaker.Models.Baselines;

/// <summary>
/// What neighborhoods that predict ratings share: the training ratings are part of the model, and what it says of someone is computed from the ratings
/// that one gave, known or not. Of repeated ratings of an item the mean counts. A rating that is not given counts as the highest. Ranks by predicted rating,
/// which is a poor way to choose what someone will pick.
/// </summary>
internal abstract class RatingNeighborhood(string name, string system, ModelShape shape, ModelOptions options) : Model(name, shape, options), IRatingModel
{
    private float mean;

    /// <summary>The training ratings [users, items].</summary>
    protected SparseRows Rated { get; private set; } = SparseRows.Empty(shape.Users, shape.Items);

    /// <inheritdoc/>
    public override EpochPlan Plan => EpochPlan.Once;

    /// <inheritdoc/>
    public override ITraining Begin(TrainingSet train, TrainingOptions run) => new SolverTraining(Count);

    /// <inheritdoc/>
    public override Scorer Scorer => field ??= new CatalogScorer(ScoreCatalog);

    /// <summary>Computes what is needed beside the ratings.</summary>
    protected abstract void Learn(ParallelOptions threads);

    /// <summary>What predicts the rating of any item by someone.</summary>
    /// <param name="items">What that one rated, ascending; not empty.</param>
    /// <param name="ratings">The ratings.</param>
    /// <param name="average">Their mean.</param>
    /// <param name="user">The user; -1 for a cold-start user.</param>
    protected abstract Func<int, float> Predictor(int[] items, float[] ratings, float average, int user);

    private double? Count(EpochContext context)
    {
        mean = MeanRating.Mean(context.Train, system);
        Rated = MeanRating.ByUser(context.Train);
        Learn(Threads.Of(context));
        return null;
    }

    /// <inheritdoc/>
    public void Predict(ReadOnlySpan<int> users, ReadOnlySpan<int> items, Span<float> values)
    {
        var (asked, wanted, predicted) = (users.ToArray(), items.ToArray(), new float[users.Length]);
        var byUser = Enumerable.Range(0, asked.Length).GroupBy(pair => asked[pair]).ToArray();
        Parallel.ForEach(byUser, Parallelism.Loop(), pairs =>
        {
            var (predict, average) = Of(pairs.Key);
            foreach (var pair in pairs)
            {
                predicted[pair] = wanted[pair] < 0 ? average : predict(wanted[pair]);
            }
        });
        predicted.CopyTo(values);
    }

    private void ScoreCatalog(RequestBatch requests, Span<float> scores)
    {
        var (users, count) = (requests.Users.ToArray(), Shape.Items);
        var rated = new (int[] Items, float[] Ratings)[users.Length];
        for (var request = 0; request < users.Length; request++)
        {
            var history = requests.History(request);
            var values = requests.HistoryValues(request);
            rated[request] = MeanRating.Distinct(history, values.IsEmpty ? [.. Enumerable.Repeat(Shape.MaximumValue, history.Length)] : values);
        }

        var all = new float[users.Length * count];
        Parallel.For(0, users.Length, Parallelism.Loop(), request =>
        {
            var (predict, _) = Of(rated[request].Items, rated[request].Ratings, users[request]);
            for (var item = 0; item < count; item++)
            {
                all[(request * count) + item] = predict(item);
            }
        });
        all.CopyTo(scores);
    }

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, Tensor> State()
    {
        var state = new Dictionary<string, Tensor> { ["mean"] = tensor(new[] { mean }) };
        state.AddRows("ratings", Rated);
        return state;
    }

    /// <inheritdoc/>
    protected override void Take(IReadOnlyDictionary<string, Tensor> state)
    {
        mean = state["mean"].item<float>();
        Rated = state.Rows("ratings", Shape.Users, Shape.Items);
    }

    private (Func<int, float> Predict, float Average) Of(int user) =>
        user < 0 ? Of([], [], user) : Of(Rated[user].ToArray(), Rated.RowValues(user).ToArray(), user);

    private (Func<int, float> Predict, float Average) Of(int[] items, float[] ratings, int user)
    {
        if (items.Length == 0)
        {
            return (_ => mean, mean);
        }

        var average = ratings.Average();
        return (Predictor(items, ratings, average, user), average);
    }
}
