using Tastemaker.Batches;
using Tastemaker.Data;
using Tastemaker.Data.Features;
using Tastemaker.Features;
using Tastemaker.Inputs;

namespace Tastemaker.Tests.Models.Features;

/// <summary>Small labelled data with a field of every kind, and batches of it.</summary>
internal static class Rows
{
    /// <summary>Labelled rows whose label depends on the user, the item's tags and a number.</summary>
    public static Dataset Data(int rows = 400, int users = 20, int items = 15, ulong seed = 1)
    {
        var random = new SeededRandom(seed);
        var (user, item, label, price) = (new int[rows], new int[rows], new float[rows], new float[rows]);
        var hour = new int[rows];
        for (var row = 0; row < rows; row++)
        {
            (user[row], item[row], price[row], hour[row]) = (random.Next(users), random.Next(items), random.Next(100), random.Next(3));
            label[row] = (user[row] % 2 == item[row] % 2 ? 1 : 0) == (price[row] < 90 ? 1 : 0) ? 1 : 0;
        }

        return new Dataset
        {
            Name = "rows",
            Users = new Vocabulary(Enumerable.Range(0, users).Select(index => $"u{index}")),
            Items = new Vocabulary(Enumerable.Range(0, items).Select(index => $"i{index}")),
            Interactions = new Interactions(user, item, label, [.. Enumerable.Range(0, rows).Select(row => 1000L + row)]),
            UserFeatures = new FeatureTable(users, [new CategoricalColumn("parity", new Vocabulary(["even", "odd"]), [.. Enumerable.Range(0, users).Select(index => index % 2)])]),
            ItemFeatures = new FeatureTable(items, [new MultiCategoricalColumn("tags", new Vocabulary(["a", "b", "c"]), SparseRows.FromRows([.. Enumerable.Range(0, items).Select(index => (IReadOnlyList<int>)(index % 4 == 3 ? [] : index % 4 == 2 ? [0, 2] : [index % 4]))], 3))]),
            InteractionFeatures = new FeatureTable(rows, [new NumericColumn("price", price), new CategoricalColumn("hour", new Vocabulary(["h0", "h1", "h2"]), hour)]),
            IsLabelled = true,
        };
    }

    /// <summary>The shape of that data.</summary>
    public static ModelShape Shape(Dataset data, params string[] fields)
    {
        var train = new TrainingSet(data);
        return ModelShape.Of(train).With(new FittedFields(new FeatureFit(train, 1).Space(fields)));
    }

    /// <summary>The first rows as a loaded batch; tensors belong to the caller's dispose scope.</summary>
    public static FeatureBatch Batch(Dataset data, ModelShape shape, int count)
    {
        var space = shape.Features!;
        var batch = new FeatureBatch(space, count);
        var contexts = space.Contexts(data);
        for (var row = 0; row < count; row++)
        {
            var rows = data.Interactions;
            batch.Add(new RowParts(space.Users, rows.Users[row], space.Items, rows.Items[row], contexts, row, []), rows.Items[row], rows.Values[row]);
        }

        batch.Load(TorchSharp.torch.CPU);
        return batch;
    }
}
