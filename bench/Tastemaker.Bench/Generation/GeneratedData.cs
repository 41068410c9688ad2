using Tastemaker.Data;

namespace Tastemaker.Bench.Generation;

/// <summary>Generated interactions as a training set, without a file between.</summary>
internal static class GeneratedData
{
    /// <summary>Of the size of MovieLens-1M.</summary>
    public static SyntheticShape SmallShape { get; } = new() { Interactions = 1_000_000, Users = 6_040, Items = 3_706 };

    /// <summary>All interactions of a shape.</summary>
    public static TrainingSet TrainingSet(SyntheticShape shape) => new(new Dataset
    {
        Name = "generated",
        Users = new Vocabulary(Enumerable.Range(1, shape.Users).Select(user => $"{user}")),
        Items = new Vocabulary(Enumerable.Range(1, shape.Items).Select(item => $"{item}")),
        Interactions = SyntheticInteractions.Generate(shape),
    });
}
