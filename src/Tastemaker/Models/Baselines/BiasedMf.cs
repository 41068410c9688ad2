using Tastemaker.Data;
using Tastemaker.Inputs;
using Tastemaker.Options;
using Tastemaker.Recommending;
using Tastemaker.Solvers;
using Tastemaker.Systems;
using Tastemaker.Training;

namespace Tastemaker.Models.Baselines;

/// <summary>Hyper-parameters of <see cref="BiasedMf"/>.</summary>
public sealed record BiasedMfOptions : SgdFactorOptions
{
    /// <summary>The defaults. On small data, slower steps leave the vectors near 0 for so long that patience ends the run before they matter.</summary>
    public BiasedMfOptions() => (Dimension, Epochs, LearningRate, Regularization, InitialDeviation) = (100, 20, 0.015, 0.05, 0.03);
}

/// <summary>
/// Rating prediction by r = mu + b_u + b_i + p_u . q_i, squared error and L2, one rating at a time. Ranks by predicted rating, which is a poor
/// way to choose what someone will pick: unseen items never entered training. Cold-start users are folded in by ridge regression on their ratings, the items at
/// rest, with the penalty that training puts on each rating; where a rating is not given, it counts as the highest.
/// </summary>
internal sealed class BiasedMf(ModelShape shape, BiasedMfOptions options)
    : SgdFactorModel(nameof(BiasedMf), shape, options), IRatingModel
{
    /// <summary>The catalog entry.</summary>
    public static SystemInfo Info { get; } = new SystemInfo<BiasedMfOptions>((options, shape) => new BiasedMf(shape, options))
    {
        Id = "biased-mf",
        Name = "BiasedMF",
        Family = "Baselines",
        Summary = "Rating prediction by matrix factorization with biases.",
        Paper = "Y. Koren, R. Bell and C. Volinsky: Matrix factorization techniques for recommender systems. Computer 2009 (after S. Funk, 2006).",
        Answers = Capabilities.Everyone,
        ScoresByInnerProduct = true,
        Inputs = [RatingValues.Required],
        PredictsRatings = true,
    };

    /// <inheritdoc/>
    protected override (int Count, Func<SeededRandom, Func<int, double>> Epoch) Examples(TrainingSet train)
    {
        Mean = MeanRating.Mean(train, "BiasedMF");
        var ratings = train.Interactions;
        return (ratings.Count, random =>
        {
            int[] order = [.. Enumerable.Range(0, ratings.Count)];
            random.Shuffle(order.AsSpan());
            return example => Learn(ratings.Users[order[example]], ratings.Items[order[example]], ratings.Values[order[example]]);
        });
    }

    /// <inheritdoc/>
    public void Predict(ReadOnlySpan<int> users, ReadOnlySpan<int> items, Span<float> values) => PredictPairs(users, items, values);

    /// <summary>Minimizes sum (r - mu - b_i - b_u - p . q_i)^2 + n lambda (b_u^2 + |p|^2), of which p is written: b_u is the same for all items.</summary>
    protected override void FoldIn(RequestBatch requests, int request, Span<float> vector)
    {
        var items = requests.History(request);
        var ratings = requests.HistoryValues(request);
        var (equations, right, row) = (new SymmetricMatrix(Dimension + 1), new double[Dimension + 1], new float[Dimension + 1]);
        row[Dimension] = 1;
        for (var entry = 0; entry < items.Length; entry++)
        {
            Item(items[entry]).CopyTo(row);
            equations.AddOuter(row);
            var rating = ratings.IsEmpty ? Shape.MaximumValue : ratings[entry];
            Vectors.AddScaled(right, rating - Mean - ItemBias[items[entry]], row);
        }

        equations.Flush();
        equations.AddToDiagonal(Math.Max(options.Regularization, 1e-6) * items.Length);
        if (equations.Solve(right))
        {
            for (var axis = 0; axis < Dimension; axis++)
            {
                vector[axis] = (float)right[axis];
            }
        }
    }

    // One step on half the squared error; returns the squared error before it.
    private double Learn(int user, int item, float rating)
    {
        var p = User(user);
        var q = Item(item);
        var error = rating - (Mean + UserBias[user] + ItemBias[item] + Vectors.Dot(p, q));
        UserBias[user] = (Keep * UserBias[user]) + (Step * error);
        ItemBias[item] = (Keep * ItemBias[item]) + (Step * error);
        Vectors.Exchange(p, q, Keep, Step * error);
        return error * error;
    }
}
