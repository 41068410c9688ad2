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
