using Tastemaker.Data;
using Tastemaker.Systems;
using Tastemaker.Training;
using static TorchSharp.torch;

namespace Tastemaker.Recommending;

/// <summary>A trained system that predicts clicks too.</summary>
internal sealed class TrainedClickRecommender(SystemInfo info, Model model, RecommenderSnapshot snapshot, RecommenderOrigin origin)
    : TrainedRecommender(info, model, snapshot, origin), IClickPredictor
{
    /// <inheritdoc/>
    public void PredictClicks(Dataset impressions, Span<float> probabilities)
    {
        if (impressions.Interactions.Count != probabilities.Length)
        {
            throw new ArgumentException($"There are {impressions.Interactions.Count} rows and {probabilities.Length} probabilities; the lengths must agree.", nameof(probabilities));
        }

        if (impressions.Users.Count != Users.Count || impressions.Items.Count != Items.Count)
        {
            throw new ArgumentException($"The rows are of {impressions.Users.Count} users and {impressions.Items.Count} items, the system of {Users.Count} and {Items.Count}.", nameof(impressions));
        }

        using var scope = NewDisposeScope();
        using var grad = no_grad();
        ((IClickModel)Model).PredictClicks(impressions, Snapshot.Histories, probabilities);
    }
}
