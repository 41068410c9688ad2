using Tastemaker.Batches;
using Tastemaker.Data;
using Tastemaker.Data.Features;
using Tastemaker.Features;
using Tastemaker.Inputs;
using Tastemaker.Options;

namespace Tastemaker.Tests.Models.Features;

/// <summary>Small histories in time, with ties, repeats and features of all three sources.</summary>
internal static class Watches
{
    public const int Users = 12;
    public const int Items = 9;

    /// <summary>Rows in no order; several of a user's may have one time. User 0 has one row, the last user none.</summary>
    public static Dataset Data(bool hasTimes = true, int rows = 150, ulong seed = 1)
    {
        var random = new SeededRandom(seed);
        var (user, item, time) = (new int[rows], new int[rows], new long[rows]);
        for (var row = 0; row < rows; row++)
        {
            (user[row], item[row], time[row]) = (row == 0 ? 0 : 1 + random.Next(Users - 2), random.Next(Items), 1000 + random.Next(60));
        }

        return new Dataset
        {
            Name = "watches",
            Users = new Vocabulary(Enumerable.Range(0, Users).Select(index => $"u{index}")),
            Items = new Vocabulary(Enumerable.Range(0, Items).Select(index => $"i{index}")),
            Interactions = new Interactions(user, item, null, hasTimes ? time : null),
            UserFeatures = new FeatureTable(Users, [new CategoricalColumn("country", new Vocabulary(["de", "fr"]), [.. Enumerable.Range(0, Users).Select(index => index % 2)])]),
            ItemFeatures = new FeatureTable(Items, [new CategoricalColumn("topic", new Vocabulary(["a", "b", "c"]), [.. Enumerable.Range(0, Items).Select(index => index % 3)])]),
            InteractionFeatures = new FeatureTable(rows, [new CategoricalColumn("device", new Vocabulary(["tv", "phone"]), [.. Enumerable.Range(0, rows).Select(row => row % 2)])]),
        };
    }

    /// <summary>The shape of that data for a system with these options.</summary>
    public static ModelShape Shape(Dataset data, ModelOptions options)
    {
        var train = new TrainingSet(data);
        return ModelShape.Of(train).With(Fields.Named.Fit(train, options));
    }

    /// <summary>Loaded rows of cold-start users with these positives, oldest first; tensors belong to the caller's dispose scope.</summary>
    public static FeatureBatch Histories(FeatureSpace space, params int[][] histories)
    {
        var batch = new FeatureBatch(space, histories.Length);
        foreach (var history in histories)
        {
            batch.Add(new RowParts(space.Nobody, 0, space.Items, 0, space.NoContext, 0, Array.ConvertAll(history, item => space.HistoryIndexes[item])), 0, 0);
        }

        batch.Load(TorchSharp.torch.CPU);
        return batch;
    }
}
