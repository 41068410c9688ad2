using Tastemaker.Data;
using Tastemaker.Options;
using Tastemaker.Recommending;
using Tastemaker.Training;
using TorchSharp;

namespace Tastemaker.Tests.Models.Baselines;

/// <summary>Small generated data, and the few lines of a trainer that tests of single systems need.</summary>
internal static class Sample
{
    public static TrainingSet Of(int users, int items, params (int User, int Item, float Value, long Time)[] rows) => new(new Dataset
    {
        Name = "sample",
        Users = new Vocabulary(Enumerable.Range(0, users).Select(user => $"u{user}")),
        Items = new Vocabulary(Enumerable.Range(0, items).Select(item => $"i{item}")),
        Interactions = new Interactions(
            [.. rows.Select(row => row.User)], [.. rows.Select(row => row.Item)], [.. rows.Select(row => row.Value)], [.. rows.Select(row => row.Time)]),
    });

    /// <summary>Pairs drawn with popularity falling along the items; some users and the last item have none.</summary>
    public static TrainingSet Random(int users = 40, int items = 15, ulong seed = 1, double density = 0.35)
    {
        var random = new SeededRandom(seed);
        var rows = new List<(int, int, float, long)>();
        for (var user = 0; user < users - 1; user++)
        {
            for (var item = 0; item < items - 1; item++)
            {
                if (random.NextDouble() < density * 2 * (items - item) / items)
                {
                    rows.Add((user, item, 1 + random.Next(5), random.Next(1_000_000)));
                }
            }
        }

        return Of(users, items, [.. rows]);
    }

    public static TrainingSet WithoutValuesAndTimes(TrainingSet train) => new(train.Data with
    {
        Interactions = new Interactions([.. train.Interactions.Users], [.. train.Interactions.Items]),
    });

    public static TModel Fit<TModel>(this TModel model, TrainingSet train, int? epochs = null, int threads = 0)
        where TModel : Model
    {
        using var training = model.Begin(train, new TrainingOptions());
        for (var epoch = 0; epoch < (epochs ?? model.Plan.Epochs); epoch++)
        {
            training.RunEpoch(Context(train, epoch, threads));
        }

        return model;
    }

    public static EpochContext Context(TrainingSet train, int epoch = 0, int threads = 0) =>
        new(train, epoch, new TrainingOptions { Threads = threads }, (_, _, _, _) => { }, CancellationToken.None);

    public static RequestBatch KnownUsers(TrainingSet train) =>
        new([.. Enumerable.Range(0, train.UserCount)], train.ByUser);

    public static RequestBatch ColdStartUsers(params int[][] histories) =>
        new([.. histories.Select(_ => -1)], SparseRows.FromRows(histories, 1000));

    public static RequestBatch ColdStartUsers(TrainingSet train) =>
        new([.. Enumerable.Repeat(-1, train.UserCount)], train.ByUser);

    /// <summary>Scores, a row a request.</summary>
    public static float[][] Scores(this Model model, RequestBatch requests)
    {
        var scores = new float[requests.Count * model.Shape.Items];
        using (torch.no_grad())
        using (torch.NewDisposeScope())
        {
            model.Score(requests, scores);
        }

        return [.. scores.Chunk(Math.Max(1, model.Shape.Items))];
    }

    public static float[] Saved(this Model model, string key)
    {
        using var scope = torch.NewDisposeScope();
        return [.. model.State()[key].to(torch.float32).data<float>()];
    }

    /// <summary>Replaces some of the saved numbers of a model.</summary>
    public static TModel With<TModel>(this TModel model, params (string Key, float[] Values)[] replaced)
        where TModel : Model
    {
        using var scope = torch.NewDisposeScope();
        var state = new Dictionary<string, torch.Tensor>(model.State());
        foreach (var (key, values) in replaced)
        {
            state[key] = torch.tensor(values).reshape(state[key].shape);
        }

        model.Restore(state);
        return model;
    }

    /// <summary>The binary matrix of a training set [users][items].</summary>
    public static double[][] Binary(TrainingSet train)
    {
        var matrix = new double[train.UserCount][];
        for (var user = 0; user < matrix.Length; user++)
        {
            matrix[user] = new double[train.ItemCount];
            foreach (var item in train.Seen[user])
            {
                matrix[user][item] = 1;
            }
        }

        return matrix;
    }

    /// <summary>R^T R.</summary>
    public static double[][] Gram(double[][] matrix)
    {
        var items = matrix[0].Length;
        return [.. Enumerable.Range(0, items).Select(row =>
            Enumerable.Range(0, items).Select(column => matrix.Sum(user => user[row] * user[column])).ToArray())];
    }

    /// <summary>The same interactions with items renamed by a permutation.</summary>
    public static TrainingSet Permuted(TrainingSet train, int[] newItem)
    {
        var rows = train.Interactions;
        return Of(train.UserCount, train.ItemCount, [.. Enumerable.Range(0, rows.Count).Select(row =>
            (rows.Users[row], newItem[rows.Items[row]], rows.Values[row], rows.Times[row]))]);
    }

    public static void ShouldBeClose(IReadOnlyList<float> actual, IReadOnlyList<double> expected, double tolerance = 1e-5)
    {
        actual.Count.ShouldBe(expected.Count);
        for (var index = 0; index < actual.Count; index++)
        {
            ((double)actual[index]).ShouldBe(expected[index], tolerance * (1 + Math.Abs(expected[index])), $"at {index}");
        }
    }
}
