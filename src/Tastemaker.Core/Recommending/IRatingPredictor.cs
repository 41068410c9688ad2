namespace Tastemaker.Recommending;

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
}
