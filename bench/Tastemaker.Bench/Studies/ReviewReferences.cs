using Tastemaker.Data;
using Tastemaker.Native;
using static TorchSharp.torch;

namespace Tastemaker.Bench.Studies;

/// <summary>The rows of a <see cref="ReviewWorld"/> in three parts: four fifths to learn from, a tenth to choose by, a tenth to measure.</summary>
internal sealed class ReviewRows
{
    /// <summary>Training reviews that a sparse user has at most.</summary>
    public const int Few = 5;

    private readonly int[] validation;
    private readonly int[] test;
    private readonly bool[] isSparse; // per user

    public ReviewRows(ReviewWorld world, ulong seed)
    {
        World = world;
        int[] order = [.. Enumerable.Range(0, world.Data.Interactions.Count)];
        new SeededRandom(seed, 1).Shuffle<int>(order);
        var part = order.Length / 10;
        (validation, test) = (order[..part], order[part..(2 * part)]);
        TrainingRows = [.. order[(2 * part)..].Order()];
        Training = TrainingOf(world.Data);
        isSparse = [.. Enumerable.Range(0, Training.UserCount).Select(user => Training.ByUser.Length(user) <= Few)];
    }

    public ReviewWorld World { get; }

    /// <summary>What is learned from.</summary>
    public TrainingSet Training { get; }

    /// <summary>Its rows in the world's data.</summary>
    public int[] TrainingRows { get; }

    /// <summary>The rows to learn from of data with the same rows.</summary>
    public TrainingSet TrainingOf(Dataset data) => new(data.Restrict(TrainingRows, "training", shrink: false));

    /// <summary>RMSE on the part to choose by.</summary>
    public double Validation(Func<int, int, double> rating) => Error(validation, rating);

    /// <summary>RMSE on the test part: of users with few training reviews, and of all.</summary>
    public (double Sparse, double All) Errors(Func<int, int, double> rating) =>
        (Error([.. test.Where(row => isSparse[World.Data.Interactions.Users[row]])], rating), Error(test, rating));

    private double Error(int[] rows, Func<int, int, double> rating)
    {
        var all = World.Data.Interactions;
        return Math.Sqrt(rows.Average(row => Math.Pow(Math.Clamp(rating(all.Users[row], all.Items[row]), 1, 5) - all.Values[row], 2)));
    }
}

/// <summary>Mean and biases of users and items, by sweeps of penalized means; the penalty is chosen on the validation part.</summary>
internal static class RatingBiases
{
    public static (double Sparse, double All) Errors(ReviewRows rows) =>
        rows.Errors(new[] { 0.5, 1.0, 2, 4, 8 }.Select(penalty => Fit(rows.Training, penalty)).MinBy(rows.Validation)!);

    private static Func<int, int, double> Fit(TrainingSet train, double penalty)
    {
        var all = train.Interactions;
        var mean = all.Values.ToArray().Average(value => (double)value);
        var (users, items) = (new double[train.UserCount], new double[train.ItemCount]);
        for (var sweep = 0; sweep < 20; sweep++)
        {
            Means(items, all.Items, row => all.Values[row] - mean - users[all.Users[row]]);
            Means(users, all.Users, row => all.Values[row] - mean - items[all.Items[row]]);
        }

        return (user, item) => mean + users[user] + items[item];

        void Means(double[] biases, ReadOnlySpan<int> owners, Func<int, double> rest)
        {
            var counts = new double[biases.Length];
            Array.Clear(biases);
            for (var row = 0; row < owners.Length; row++)
            {
                biases[owners[row]] += rest(row);
                counts[owners[row]]++;
            }

            for (var owner = 0; owner < biases.Length; owner++)
            {
                biases[owner] /= counts[owner] + penalty;
            }
        }
    }
}

/// <summary>
/// Ridge regression on what reviews say, read from the generator: whether a user spoke of an aspect, whether an item was praised or blamed for it, and all products of the two. The review of a training
/// pair has no part in its own row. The penalty is chosen on the validation part.
/// </summary>
internal static class OpinionRidge
{
    private const int Width = 1 + ReviewWorld.Aspects + (2 * ReviewWorld.Aspects) + (2 * ReviewWorld.Aspects * ReviewWorld.Aspects);

    public static (double Sparse, double All) Errors(ReviewRows rows)
    {
        using var scope = NewDisposeScope();
        var (all, aspects) = (rows.World.Data.Interactions, ReviewWorld.Aspects);
        var (spoken, judged) = (new int[rows.Training.UserCount, aspects], new int[rows.Training.ItemCount, 2 * aspects]);
        foreach (var row in rows.TrainingRows)
        {
            Count(row, 1);
        }

        var (features, ratings) = (new double[rows.TrainingRows.Length * Width], new double[rows.TrainingRows.Length]);
        for (var place = 0; place < ratings.Length; place++)
        {
            var row = rows.TrainingRows[place];
            Count(row, -1);
            Write(all.Users[row], all.Items[row], features.AsSpan(place * Width, Width));
            Count(row, 1);
            ratings[place] = all.Values[row];
        }

        var x = tensor(features, [ratings.Length, Width]);
        var (squares, products) = (x.t().matmul(x), x.t().matmul(tensor(ratings).unsqueeze(1)));
        return rows.Errors(new[] { 0.1, 1, 10, 100 }
            .Select(penalty => Rating(linalg.solve(squares + (penalty * eye(Width, dtype: ScalarType.Float64)), products).ToValues<double>()))
            .MinBy(rows.Validation)!);

        Func<int, int, double> Rating(double[] weights) => (user, item) =>
        {
            Span<double> own = stackalloc double[Width];
            Write(user, item, own);
            var sum = 0.0;
            for (var place = 0; place < Width; place++)
            {
                sum += own[place] * weights[place];
            }

            return sum;
        };

        void Count(int row, int by)
        {
            for (var aspect = 0; aspect < aspects; aspect++)
            {
                if (rows.World.Opinions[row][aspect] is not 0 and var opinion)
                {
                    spoken[all.Users[row], aspect] += by;
                    judged[all.Items[row], opinion > 0 ? aspect : aspects + aspect] += by;
                }
            }
        }

        void Write(int user, int item, Span<double> row)
        {
            row.Clear();
            row[0] = 1;
            for (var judgment = 0; judgment < 2 * aspects; judgment++)
            {
                row[1 + aspects + judgment] = judged[item, judgment] > 0 ? 1 : 0;
                for (var aspect = 0; aspect < aspects; aspect++)
                {
                    row[1 + aspect] = spoken[user, aspect] > 0 ? 1 : 0;
                    row[1 + (3 * aspects) + (judgment * aspects) + aspect] = spoken[user, aspect] > 0 && judged[item, judgment] > 0 ? 1 : 0;
                }
            }
        }
    }
}
