using Tastemaker.Data;

namespace Tastemaker.Training;

/// <summary>A model that predicts how likely impressions are to be positive: <see cref="Tastemaker.Recommending.IClickPredictor"/> behind its checks.</summary>
internal interface IClickModel
{
    /// <summary>Predicts one probability a row. Called as <see cref="Model.Score"/> is.</summary>
    /// <param name="impressions">The rows.</param>
    /// <param name="histories">A row a user: the positives in training, oldest first.</param>
    /// <param name="probabilities">Receives the predictions.</param>
    void PredictClicks(Dataset impressions, SparseRows histories, Span<float> probabilities);
}
