using Tastemaker.Data;

namespace Tastemaker.Recommending;

/// <summary>A recommender that also predicts how likely each impression is to be positive: a click, a purchase, a like. Thread-safe.</summary>
public interface IClickPredictor
{
    /// <summary>
    /// Predicts one probability a row, from 0 to 1, from the row's user, item, time and context. What the system does not know (a user, a category)
    /// counts as unknown; labels are not read.
    /// </summary>
    /// <param name="impressions">Rows whose user and item indexes are those of the recommender's vocabularies.</param>
    /// <param name="probabilities">Receives the predictions; as long as there are rows.</param>
    /// <exception cref="ArgumentException">The span has another length.</exception>
    void PredictClicks(Dataset impressions, Span<float> probabilities);
}

/// <summary>A recommender that also predicts the value a user would give an item. Thread-safe.</summary>
public interface IRatingPredictor
{
    /// <summary>Smallest and largest value of the training data; predictions are clipped to it.</summary>
    (float Minimum, float Maximum) RatingScale { get; }

    /// <summary>
    /// Predicts one value a pair. Unknown users or items (index -1) drop their terms, down to the global mean.
    /// </summary>
    /// <param name="users">User indexes; -1 where unknown.</param>
    /// <param name="items">Item indexes; -1 where unknown.</param>
    /// <param name="ratings">Receives the predictions; same length.</param>
    void Predict(ReadOnlySpan<int> users, ReadOnlySpan<int> items, Span<float> ratings);

    /// <summary>The same at a time each, where predictions change over time.</summary>
    /// <param name="users">User indexes; -1 where unknown.</param>
    /// <param name="items">Item indexes; -1 where unknown.</param>
    /// <param name="times">Times in microseconds since 1970 (<see cref="Timestamps"/>), as many as users; or none, for the end of the training data.</param>
    /// <param name="ratings">Receives the predictions; as many as users.</param>
    void Predict(ReadOnlySpan<int> users, ReadOnlySpan<int> items, ReadOnlySpan<long> times, Span<float> ratings) => Predict(users, items, ratings);
}

/// <summary>A recommender that also predicts what showing an item is expected to be worth, such as minutes watched. Thread-safe.</summary>
public interface IExpectedValuePredictor
{
    /// <summary>
    /// Predicts one number a row from the row's user, item, time and context: 0 or more, in the unit of the weights it was trained with. Labels
    /// and weights are not read.
    /// </summary>
    /// <param name="impressions">Rows whose user and item indexes are those of the recommender's vocabularies.</param>
    /// <param name="worth">Receives the predictions; as long as there are rows.</param>
    /// <exception cref="ArgumentException">The span has another length.</exception>
    void PredictWorth(Dataset impressions, Span<float> worth);
}
