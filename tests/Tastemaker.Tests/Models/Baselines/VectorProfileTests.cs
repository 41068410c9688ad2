using Tastemaker.Data;
using Tastemaker.Data.Features;
using Tastemaker.Models.Baselines;

namespace Tastemaker.Tests.Models.Baselines;

public sealed class VectorProfileTests
{
    // Item 0 has tags 0 and 1, item 1 tag 0, item 2 tag 1, item 3 tags 1 and 2, item 4 none; nobody has items 2 to 4.
    private static readonly int[][] Tags = [[0, 1], [0], [1], [1, 2], []];

    [Fact]
    public void An_item_is_scored_by_the_cosine_of_its_features_and_the_mean_of_those_of_the_history()
    {
        using var model = Make(new() { RarityExponent = 0 });
        var scores = model.Scores(Sample.ColdStartUsers([0, 1], [1], []));
        var half = 1 / Math.Sqrt(2);
        var length = Math.Sqrt(((1 + half) * (1 + half)) + 0.5); // of (1 + half, half, 0)

        Sample.ShouldBeClose(scores[0], [half * (1 + (2 * half)) / length, (1 + half) / length, half / length, half * half / length, 0]);
        Sample.ShouldBeClose(scores[1], [half, 1, 0, 0, 0]);
        scores[2].ShouldAllBe(score => score == 0);
    }

    [Fact]
    public void Rare_features_count_more()
    {
        using var model = Make(new());
        double common = Math.Log(5 / 3.0), rare = Math.Log(5);
        var expected = common / Math.Sqrt((common * common) + (rare * rare));
        Sample.ShouldBeClose(model.Scores(Sample.ColdStartUsers([3]))[0][2..4], [expected, 1]);
    }

    [Fact]
    public void A_restored_model_scores_alike()
    {
        using var model = Make(new());
        using var restored = (VectorProfile)VectorProfile.Info.Make(new VectorProfileOptions(), Train());
        restored.Restore(model.State());
        restored.Scores(Sample.ColdStartUsers([0, 3]))[0].ShouldBe(model.Scores(Sample.ColdStartUsers([0, 3]))[0]);
    }

    private static VectorProfile Make(VectorProfileOptions options) => ((VectorProfile)VectorProfile.Info.Make(options, Train())).Fit(Train());

    private static TrainingSet Train() => new(Sample.Of(1, 5, (0, 0, 1, 1), (0, 1, 1, 2)).Data with
    {
        ItemFeatures = new FeatureTable(5, [new MultiCategoricalColumn("tags", new Vocabulary(["a", "b", "c"]), SparseRows.FromRows(Tags, 3))]),
    });
}
