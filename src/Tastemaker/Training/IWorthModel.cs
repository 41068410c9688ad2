using Tastemaker.Data;

namespace Tastemaker.Training;

/// <summary>A model that predicts what showing an item is expected to be worth: <see cref="Tastemaker.Recommending.IWorthPredictor"/> behind its checks.</summary>
internal interface IWorthModel
{
    /// <summary>Predicts one number a row. Called as <see cref="Model.Score"/> is.</summary>
    /// <param name="impressions">The rows.</param>
    /// <param name="histories">A row a user: the positives in training, oldest first.</param>
    /// <param name="worth">Receives the predictions.</param>
    void PredictWorth(Dataset impressions, SparseRows histories, Span<float> worth);
}
