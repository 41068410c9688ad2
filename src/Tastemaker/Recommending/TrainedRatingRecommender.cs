using Tastemaker.Systems;
using Tastemaker.Training;
using static TorchSharp.torch;

namespace Tastemaker.Recommending;

/// <summary>A trained system that predicts values too.</summary>
internal class TrainedRatingRecommender(SystemInfo info, Model model, RecommenderSnapshot snapshot, RecommenderOrigin origin)
    : TrainedRecommender(info, model, snapshot, origin), IRatingPredictor
{
    /// <inheritdoc/>
    public (float Minimum, float Maximum) RatingScale => (Model.Shape.MinimumValue, Model.Shape.MaximumValue);

    /// <inheritdoc/>
    public void Predict(ReadOnlySpan<int> users, ReadOnlySpan<int> items, Span<float> ratings)
    {
        if (users.Length != items.Length || users.Length != ratings.Length)
        {
            throw new ArgumentException($"There are {users.Length} users, {items.Length} items and {ratings.Length} ratings; the lengths must agree.");
        }

        using var scope = NewDisposeScope();
        using var grad = no_grad();
        var model = (IRatingModel)Model;
        if (model.PredictsUnrated)
        {
            model.Predict(users, items, ratings);
        }
        else
        {
            model.Predict(Trained(users), Trained(items, Snapshot.Popularity), ratings);
        }

        for (var pair = 0; pair < ratings.Length; pair++)
        {
            ratings[pair] = Math.Clamp(ratings[pair], RatingScale.Minimum, RatingScale.Maximum);
        }
    }

    // A user or item of the vocabulary without a training interaction has only its initial weights: as good as unknown.
    private int[] Trained(ReadOnlySpan<int> users)
    {
        var known = users.ToArray();
        for (var pair = 0; pair < known.Length; pair++)
        {
            known[pair] = Snapshot.Knows(known[pair]) ? known[pair] : -1;
        }

        return known;
    }

    private static int[] Trained(ReadOnlySpan<int> items, int[] popularity)
    {
        var known = items.ToArray();
        for (var pair = 0; pair < known.Length; pair++)
        {
            known[pair] = known[pair] >= 0 && popularity[known[pair]] > 0 ? known[pair] : -1;
        }

        return known;
    }
}
