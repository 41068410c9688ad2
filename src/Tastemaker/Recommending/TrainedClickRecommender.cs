using Tastemaker.Data;
using Tastemaker.Systems;
using Tastemaker.Training;
using static TorchSharp.torch;

namespace Tastemaker.Recommending;

/// <summary>A trained system that predicts clicks too.</summary>
internal class TrainedClickRecommender(SystemInfo info, Model model, RecommenderSnapshot snapshot, RecommenderOrigin origin)
    : TrainedRecommender(info, model, snapshot, origin), IClickPredictor
{
    /// <inheritdoc/>
    public void PredictClicks(Dataset impressions, Span<float> probabilities)
    {
        Check(impressions, probabilities.Length);
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        ((IClickModel)Model).PredictClicks(impressions, Snapshot.Histories, probabilities);
    }

    /// <summary>Refuses rows of other vocabularies, and room for more or fewer predictions than there are rows.</summary>
    private protected void Check(Dataset impressions, int room)
    {
        if (impressions.Interactions.Count != room)
        {
            throw new ArgumentException($"There are {impressions.Interactions.Count} rows and room for {room} predictions; the lengths must agree.", nameof(room));
        }

        if (impressions.Users.Count != Users.Count || impressions.Items.Count != Items.Count)
        {
            throw new ArgumentException($"The rows are of {impressions.Users.Count} users and {impressions.Items.Count} items, the system of {Users.Count} and {Items.Count}.", nameof(impressions));
        }
    }
}
