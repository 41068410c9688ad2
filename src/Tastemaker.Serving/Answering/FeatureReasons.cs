using Tastemaker.Models;
using Tastemaker.Recommending;
using Tastemaker.Training;

namespace Tastemaker.Serving.Answering;

/// <summary>Features of user, context and item as reasons: how far an item's logit falls when one of them is left blank.</summary>
internal static class FeatureReasons
{
    /// <summary>A reason for each field, for each item listed; null where popularity answered, and a note says so.</summary>
    public static IEnumerable<Reason>[]? Of(int[] listed, Request request, TrainedRecommender recommender, FeatureModel model, List<string> notes)
    {
        var asked = ResolvedRequest.Of(request, recommender).Batch;
        if (recommender.Scoring.Plan(asked).Answerable is not { } answerable)
        {
            notes.Add("Popularity answered: there is nothing to explain.");
            return null;
        }

        using var scope = TorchSharp.torch.NewDisposeScope();
        using var grad = TorchSharp.torch.no_grad();
        return [.. model.FieldEffects(answerable, listed).Select(effects => effects.Select(effect => new Reason(null, null, effect.Weight, effect.Field, effect.Value)))];
    }
}
