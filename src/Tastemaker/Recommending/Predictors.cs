using Tastemaker.Data;
using Tastemaker.Training;
using static TorchSharp.torch;

namespace Tastemaker.Recommending;

/// <summary>The ratings that a trained system predicts.</summary>
internal sealed class RatingPredictor(TrainedRecommender recommender, IRatingModel model) : IRatingPredictor
{
    /// <inheritdoc/>
    public (float Minimum, float Maximum) RatingScale => (recommender.Model.Shape.MinimumValue, recommender.Model.Shape.MaximumValue);

    /// <inheritdoc/>
    public void Predict(ReadOnlySpan<int> users, ReadOnlySpan<int> items, Span<float> ratings) => Predict(users, items, [], ratings);

    /// <inheritdoc/>
    public void Predict(ReadOnlySpan<int> users, ReadOnlySpan<int> items, ReadOnlySpan<long> times, Span<float> ratings)
    {
        if (users.Length != items.Length || users.Length != ratings.Length || (!times.IsEmpty && times.Length != users.Length))
        {
            throw new ArgumentException($"There are {users.Length} users, {items.Length} items, {times.Length} times and {ratings.Length} ratings; the lengths must agree.");
        }

        recommender.Model.MakeReady();
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        var snapshot = recommender.Snapshot;
        if (model.PredictsUnrated)
        {
            model.Predict(users, items, times, ratings);
        }
        else
        {
            // A user or item of the vocabulary without a training interaction has only its initial weights: as good as unknown.
            model.Predict(Known(users, snapshot.Knows), Known(items, item => snapshot.Popularity[item] > 0), times, ratings);
        }

        for (var pair = 0; pair < ratings.Length; pair++)
        {
            ratings[pair] = Math.Clamp(ratings[pair], RatingScale.Minimum, RatingScale.Maximum);
        }
    }

    private static int[] Known(ReadOnlySpan<int> indexes, Func<int, bool> isKnown)
    {
        var known = indexes.ToArray();
        for (var pair = 0; pair < known.Length; pair++)
        {
            known[pair] = known[pair] >= 0 && isKnown(known[pair]) ? known[pair] : -1;
        }

        return known;
    }
}

/// <summary>The click probabilities that a trained system predicts.</summary>
internal sealed class ClickPredictor(TrainedRecommender recommender, IClickProbabilityModel model) : IClickPredictor
{
    /// <inheritdoc/>
    public void PredictClicks(Dataset impressions, Span<float> probabilities)
    {
        recommender.Check(impressions, probabilities.Length);
        recommender.Model.MakeReady();
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        model.PredictClicks(impressions, recommender.Snapshot.Histories, probabilities);
    }
}

/// <summary>The events that a trained system follows.</summary>
internal sealed class EventPredictor(IEventModel model) : IEventPredictor
{
    /// <inheritdoc/>
    public IEventStream Begin() => model.Begin();
}

/// <summary>What a trained system expects showing an item to be worth.</summary>
internal sealed class ExpectedValuePredictor(TrainedRecommender recommender, IExpectedValueModel model) : IExpectedValuePredictor
{
    /// <inheritdoc/>
    public void PredictWorth(Dataset impressions, Span<float> worth)
    {
        recommender.Check(impressions, worth.Length);
        recommender.Model.MakeReady();
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        model.PredictWorth(impressions, recommender.Snapshot.Histories, worth);
    }
}
