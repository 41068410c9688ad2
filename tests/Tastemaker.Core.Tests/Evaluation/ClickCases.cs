using Tastemaker.Data;
using Tastemaker.Data.Features;
using Tastemaker.Data.Splits;
using Tastemaker.Evaluation.Clicks;
using Tastemaker.Recommending;

namespace Tastemaker.Core.Tests.Evaluation;

/// <summary>Labelled data, and predictors that know the row by its time.</summary>
internal static class ClickCases
{
    /// <summary>Eight rows of three users: user 0 has both labels, user 1 one tie, user 2 label 1 only.</summary>
    public static ClickPredictions Hand { get; } = new(
        [true, false, false, true, false, true, true, true],
        [0.9f, 0.2f, 0.6f, 0.5f, 0.5f, 0.8f, 0.3f, 0.7f],
        [0, 0, 0, 1, 1, 1, 2, 2]);

    /// <summary>A hold-out of labelled rows without requests.</summary>
    public static HoldOut HoldOut(ClickPredictions rows, int users = 5, int items = 6, FeatureTable? context = null) => Cases.Hold(items, []) with
    {
        Impressions = new Dataset
        {
            Name = "rows",
            Users = new Vocabulary(Enumerable.Range(0, users).Select(user => $"u{user}")),
            Items = new Vocabulary(Enumerable.Range(0, items).Select(item => $"i{item}")),
            Interactions = new Interactions(
                rows.Users.ToArray(),
                [.. Enumerable.Range(0, rows.Count).Select(row => row % items)],
                [.. rows.Labels.ToArray().Select(label => label ? 1f : 0f)],
                [.. Enumerable.Range(0, rows.Count).Select(row => (long)row)]),
            InteractionFeatures = context,
            IsLabelled = true,
        },
    };

    /// <summary>Random labels, of which scores know something.</summary>
    public static ClickPredictions Random(ulong seed, int rows, int users, double skill, int levels = 1000, ulong labelSeed = 5)
    {
        var (labelled, random) = (new SeededRandom(labelSeed), new SeededRandom(seed));
        var (labels, probabilities, of) = (new bool[rows], new float[rows], new int[rows]);
        for (var row = 0; row < rows; row++)
        {
            of[row] = labelled.Next(users);
            labels[row] = labelled.NextDouble() < 0.3;
            probabilities[row] = (float)((Math.Floor(levels * ((skill * (labels[row] ? 0.6 : 0.4)) + ((1 - skill) * random.NextDouble()))) + 0.5) / levels);
        }

        return new ClickPredictions(labels, probabilities, of);
    }
}

/// <summary>Ranks by a table and predicts clicks from a list, finding a row by its time.</summary>
internal sealed class ClickTable(float[] probabilities, float[][]? scores = null) : TableRecommender(scores ?? [[0, 0, 0, 0, 0, 0]]), IClickPredictor
{
    public List<int> Blocks { get; } = [];

    public void PredictClicks(Dataset impressions, Span<float> result)
    {
        result.Length.ShouldBe(impressions.Interactions.Count);
        Blocks.Add(result.Length);
        for (var row = 0; row < result.Length; row++)
        {
            result[row] = probabilities[(int)impressions.Interactions.Times[row]];
        }
    }
}
