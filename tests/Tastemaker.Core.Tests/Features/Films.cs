using Tastemaker.Data;
using Tastemaker.Data.Features;

namespace Tastemaker.Tests.Features;

/// <summary>Four users, three films, six rows with context; user "d" and film "z" do not occur in training.</summary>
internal static class Films
{
    public static Dataset Data { get; } = new()
    {
        Name = "films",
        Users = new Vocabulary(["a", "b", "c", "d"]),
        Items = new Vocabulary(["x", "y", "z"]),
        Interactions = new Interactions([0, 0, 1, 1, 2, 2], [0, 1, 0, 1, 1, 0], [1, 0, 1, 1, 0, 1], [10, 20, 30, 40, 50, 60]),
        UserFeatures = new FeatureTable(4, [
            new CategoricalColumn("gender", new Vocabulary(["f", "m", "x"]), [0, 1, 0, 2]),
            new NumericColumn("age", [20, 30, float.NaN, 90])]),
        ItemFeatures = new FeatureTable(3, [
            new MultiCategoricalColumn("genres", new Vocabulary(["drama", "comedy", "war"]), SparseRows.FromRows([[0, 1], [1], [2]], 3))]),
        InteractionFeatures = new FeatureTable(6, [
            new CategoricalColumn("hour", new Vocabulary(["day", "night"]), [0, 1, 0, 1, -1, 0]),
            new NumericColumn("price", [1, 2, 3, 4, 5, 6])]),
        IsLabelled = true,
    };

    public static TrainingSet Train { get; } = new(Data);
}
