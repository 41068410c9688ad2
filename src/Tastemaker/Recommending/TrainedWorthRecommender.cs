using Tastemaker.Data;
using Tastemaker.Systems;
using Tastemaker.Training;
using static TorchSharp.torch;

namespace Tastemaker.Recommending;

/// <summary>A trained system that predicts clicks, and what showing an item is worth.</summary>
internal sealed class TrainedWorthRecommender(SystemInfo info, Model model, RecommenderSnapshot snapshot, RecommenderOrigin origin)
    : TrainedClickRecommender(info, model, snapshot, origin), IWorthPredictor
{
    /// <inheritdoc/>
    public void PredictWorth(Dataset impressions, Span<float> worth)
    {
        Check(impressions, worth.Length);
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        ((IWorthModel)Model).PredictWorth(impressions, Snapshot.Histories, worth);
    }
}
