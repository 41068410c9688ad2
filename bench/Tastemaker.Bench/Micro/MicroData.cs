using Tastemaker.Bench.Generation;
using Tastemaker.Data;

namespace Tastemaker.Bench.Micro;

/// <summary>The generated data that micro-benchmarks work on: of the size of MovieLens-1M.</summary>
internal static class MicroData
{
    public static SyntheticShape Shape { get; } = new() { Interactions = 1_000_000, Users = 6_000, Items = 3_700 };

    /// <summary>All of it as a training set.</summary>
    public static TrainingSet TrainingSet() => new(new Dataset
    {
        Name = "generated",
        Users = new Vocabulary(Enumerable.Range(1, Shape.Users).Select(user => $"{user}")),
        Items = new Vocabulary(Enumerable.Range(1, Shape.Items).Select(item => $"{item}")),
        Interactions = SyntheticInteractions.Generate(Shape),
    });
}
