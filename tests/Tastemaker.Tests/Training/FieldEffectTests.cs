using Tastemaker.Data;
using Tastemaker.Models;
using Tastemaker.Recommending;
using Tastemaker.Tests.Conformance;
using Tastemaker.Training;
using static TorchSharp.torch;

namespace Tastemaker.Tests.Training;

/// <summary>What a field does to a score is what the score loses without it.</summary>
public sealed class FieldEffectTests
{
    [Fact]
    public void The_effects_of_a_linear_model_add_up_to_its_scores_but_for_a_constant()
    {
        using var recommender = (TrainedRecommender)SystemCases.Train("lr", ConformanceData.Split([]));
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        var model = (FeatureModel)recommender.Model;
        var request = new RequestBatch([1], SparseRows.FromRows([recommender.Snapshot.Histories[1].ToArray()], recommender.Items.Count));
        var scores = new float[recommender.Items.Count];
        recommender.Score(request, scores);

        var effects = model.FieldEffects(request, [0, 3, 5]);

        effects[0].Select(effect => effect.Field).ShouldContain("item");
        effects[1].Single(effect => effect.Field == "item").Value.ShouldBe(recommender.Items[3]);
        effects[1].Single(effect => effect.Field == "user").Value.ShouldBe(recommender.Users[1]);
        var constant = scores[0] - effects[0].Sum(effect => effect.Weight);
        (effects[1].Sum(effect => effect.Weight) + constant).ShouldBe(scores[3], 1e-4f);
        (effects[2].Sum(effect => effect.Weight) + constant).ShouldBe(scores[5], 1e-4f);
    }
}
