using Tastemaker.Data;

namespace Tastemaker.Recommending;

/// <summary>A recommender that also predicts what showing an item is expected to be worth, such as minutes watched. Thread-safe.</summary>
public interface IWorthPredictor
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
