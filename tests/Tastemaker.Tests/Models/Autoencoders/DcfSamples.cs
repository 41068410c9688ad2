using Tastemaker.Data;
using Tastemaker.Data.Features;
using Tastemaker.Data.Splits;
using Tastemaker.Inputs;
using Tastemaker.Models.Autoencoders;
using Tastemaker.Options;
using Tastemaker.Tests.Models.Baselines;
using Tastemaker.Tests.Nn;
using Tastemaker.Training;
using static TorchSharp.torch;

namespace Tastemaker.Tests.Models.Autoencoders;

/// <summary>Models, data and figures for tests of DCF.</summary>
internal static class DcfSamples
{
    internal static readonly ParallelOptions Serial = Parallelism.Loop(1);
    internal const int UserTags = 12;
    internal const int ItemTags = 10;

    internal static Dcf Begun(DcfOptions options, TrainingSet train) => Begun(options, train, out _);

    internal static Dcf Begun(DcfOptions options, TrainingSet train, out ITraining training)
    {
        manual_seed(6);
        var model = new Dcf(options, Dcf.Info.Shape(options, train));
        training = model.Begin(train, new TrainingOptions());
        return model;
    }

    internal static double[][] Rows(Dcf model, string key) => [.. model.Saved(key).Select(value => (double)value).Chunk(3)];

    internal static double[] Keep(double share, int features) => [.. Enumerable.Repeat(share, features)];

    internal static float[] Ones(int count) => [.. Enumerable.Repeat(1f, count)];

    internal static double Rmse(Dcf model, List<(int User, int Item, float Rating)> test)
    {
        var values = new float[test.Count];
        model.Predict([.. test.Select(cell => cell.User)], [.. test.Select(cell => cell.Item)], values);
        return Math.Sqrt(test.Zip(values).Average(pair => Math.Pow(pair.First.Rating - pair.Second, 2)));
    }

    // Least squares on the features of both, side by side.
    internal static double AdditiveRmse(TrainingSet train, List<(int User, int Item, float Rating)> test)
    {
        using var scope = NewDisposeScope();
        var (x, y) = (Matrix(Tags(train.Data.UserFeatures!)), Matrix(Tags(train.Data.ItemFeatures!)));
        Tensor Features(IEnumerable<int> users, IEnumerable<int> items) =>
            cat([x.index_select(0, tensor(users.ToArray())), y.index_select(0, tensor(items.ToArray())), ones([users.Count(), 1], float64)], 1);
        var design = Features(train.Interactions.Users.ToArray(), train.Interactions.Items.ToArray());
        var target = tensor(train.Interactions.Values.ToArray()).to(float64);
        var weights = linalg.solve(design.t().matmul(design) + (0.1 * eye(design.shape[1], dtype: float64)), design.t().matmul(target));
        var predicted = Features(test.Select(cell => cell.User), test.Select(cell => cell.Item)).matmul(weights);
        return (predicted - tensor(test.Select(cell => cell.Rating).ToArray()).to(float64)).square().mean().sqrt().item<double>();
    }

    internal static SparseRows Bags(int rows, int columns)
    {
        var random = new SeededRandom(9);
        return Full([.. Enumerable.Range(0, rows).Select(_ => Enumerable.Range(0, columns).Select(_ => random.NextDouble() < 0.5 ? (float)(0.5 + random.NextDouble()) : 0).ToArray())]);
    }

    internal static SparseRows Full(float[][] rows)
    {
        var sparse = SparseRows.FromRows([.. rows.Select(row => (IReadOnlyList<int>)[.. Enumerable.Range(0, row.Length).Where(column => row[column] != 0)])], rows[0].Length);
        return new SparseRows(sparse.Offsets.ToArray(), sparse.Columns.ToArray(), sparse.ColumnCount, [.. rows.SelectMany(row => row.Where(value => value != 0))]);
    }

    internal static Tensor Matrix(SparseRows rows)
    {
        var dense = zeros([rows.RowCount, rows.ColumnCount], float64);
        for (var row = 0; row < rows.RowCount; row++)
        {
            for (var entry = 0; entry < rows.Length(row); entry++)
            {
                dense[row, rows[row][entry]] = rows.HasValues ? rows.RowValues(row)[entry] : 1;
            }
        }

        return dense;
    }

    internal static SparseRows Tags(FeatureTable table) => ((MultiCategoricalColumn)table.Columns[0]).Values;

    internal static TrainingSet Tagged(TrainingSet train, int[][] ofUsers, int[][] ofItems, int tags) => new(train.Data with
    {
        UserFeatures = new FeatureTable(train.UserCount, [TagColumn(ofUsers, tags)]),
        ItemFeatures = new FeatureTable(train.ItemCount, [TagColumn(ofItems, tags)]),
    });

    internal static MultiCategoricalColumn TagColumn(int[][] rows, int tags) =>
        new("tags", new Vocabulary(Enumerable.Range(0, tags).Select(tag => $"t{tag}")), SparseRows.FromRows(rows, tags));

    // Vectors that features make, u = F x and v = G y; three tenths of users and items have no ratings, and are tested with each other.
    internal static (TrainingSet Train, List<(int User, int Item, float Rating)> Test) Cold(int dimension)
    {
        const int users = 100, items = 90;
        var random = new SeededRandom(21);
        float Normal() => (float)(Enumerable.Range(0, 12).Sum(_ => random.NextDouble()) - 6);
        int[][] Tags(int count, int tags) => [.. Enumerable.Range(0, count).Select(_ => Enumerable.Range(0, tags).Where(_ => random.NextDouble() < 0.3).ToArray())];
        float[][] Table(int rows) => [.. Enumerable.Range(0, rows).Select(_ => Enumerable.Range(0, dimension).Select(_ => Normal()).ToArray())];
        var (ofUsers, ofItems, f, g) = (Tags(users, UserTags), Tags(items, ItemTags), Table(UserTags), Table(ItemTags));
        var (rows, test) = (new List<(int, int, float, long)>(), new List<(int, int, float)>());
        for (var user = 0; user < users; user++)
        {
            for (var item = 0; item < items; item++)
            {
                var rating = (0.1f * Normal()) + 3;
                for (var k = 0; k < dimension; k++)
                {
                    rating += 0.3f * ofUsers[user].Sum(tag => f[tag][k]) * ofItems[item].Sum(tag => g[tag][k]);
                }

                if (user % 10 < 3 && item % 10 < 3)
                {
                    test.Add((user, item, rating));
                }
                else if (user % 10 >= 3 && item % 10 >= 3 && random.NextDouble() < 0.25)
                {
                    rows.Add((user, item, rating, 0));
                }
            }
        }

        var train = Sample.Of(users, items, [.. rows]);
        return (new TrainingSet(train.Data with
        {
            UserFeatures = new FeatureTable(users, [TagColumn(ofUsers, UserTags)]), ItemFeatures = new FeatureTable(items, [TagColumn(ofItems, ItemTags)]),
        }), test);
    }
}
