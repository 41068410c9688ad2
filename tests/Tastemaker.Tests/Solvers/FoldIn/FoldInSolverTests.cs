using Tastemaker.Data;
using Tastemaker.Data.Splits;
using Tastemaker.Options;
using Tastemaker.Recommending;
using Tastemaker.Solvers;
using Tastemaker.Solvers.FoldIn;
using Tastemaker.Tests.Models.Baselines;

namespace Tastemaker.Tests.Solvers.FoldIn;

/// <summary>A stranger is given the vector that the system's own loss asks for.</summary>
public sealed class FoldInSolverTests
{
    private const int Dimension = 3;
    private const int Items = 12;

    private static readonly int[] History = [1, 4, 7];
    private static readonly float[] Vectors3 = Numbers(Items * Dimension, 1);
    private static readonly float[] Biases = Numbers(Items, 2);

    [Fact]
    public void Comparisons_pull_and_push_along_the_gradient_of_BPR() =>
        ShouldDescend(new ComparisonLoss { Penalty = 0.3 }, (mine, others) => mine.Average(i => others.Average(j => Math.Log(1 + Math.Exp(j - i)))));

    [Fact]
    public void Labels_pull_and_push_along_the_gradient_of_the_logistic_loss() =>
        ShouldDescend(new LabelLoss(4) { Penalty = 0.3 }, (mine, others) => mine.Average(i => Math.Log(1 + Math.Exp(-i))) + (4 * others.Average(j => Math.Log(1 + Math.Exp(j)))));

    [Fact]
    public void Squares_pull_and_push_along_the_gradient_of_the_squared_error() =>
        ShouldDescend(new SquaredLoss { Penalty = 0.3 }, (mine, others) => mine.Average(i => (1 - i) * (1 - i)) + others.Average(j => j * j));

    [Fact]
    public void Ranks_pull_and_push_along_the_gradient_of_the_weighted_hinge()
    {
        var loss = new RankLoss(0.5f, [.. Enumerable.Range(0, Items).Select(rank => rank + 1f)]);
        var (pull, push) = (new float[2], new float[4]);

        // Item 0 (score 2) has no violator; item 1 (score 0) has those that score above -0.5: three of four, so rank 3 * 11 / 4 = 8 and weight 9.
        loss.Weigh([2, 0], [-1, 0, 1, -0.4f], pull, push);

        pull.ShouldBe([0, 4.5f]);
        push.ShouldBe([0, 1.5f, 1.5f, 1.5f]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void With_time_enough_nothing_moves_the_vector_any_more(bool comparisons)
    {
        FoldInLoss loss = comparisons ? new ComparisonLoss { Penalty = 0.5 } : new LabelLoss(4) { Penalty = 0.5 };
        var vector = new float[Dimension];
        new FoldInSolver(Vectors3, Biases, new float[Dimension], Dimension, loss).Write(History, double.PositiveInfinity, vector);

        Gradient(loss, vector).ShouldAllBe(slope => Math.Abs(slope) < 2e-3);
    }

    [Fact]
    public void Training_that_hardly_met_the_history_leaves_the_vector_near_the_mean_user()
    {
        float[] users = [1, 2, 3, 3, 2, 1];
        var fit = new FoldInSolver(Vectors3, Biases, users, Dimension, new ComparisonLoss());
        float Moved(double time)
        {
            var vector = new float[Dimension];
            fit.Write(History, time, vector);
            return vector.Select(number => Math.Abs(number - 2)).Sum();
        }

        Moved(0).ShouldBe(0);
        Moved(0.001).ShouldBeGreaterThan(0);
        Moved(0.001).ShouldBeLessThan(Moved(1));
        Moved(1).ShouldBeLessThan(Moved(100));
    }

    [Fact]
    public void The_order_and_repeats_of_a_history_do_not_matter()
    {
        var fit = new FoldInSolver(Vectors3, Biases, new float[Dimension], Dimension, new ComparisonLoss { Penalty = 0.1 });
        var (one, other) = (new float[Dimension], new float[Dimension]);
        fit.Write(History, 50, one);
        fit.Write([7, 1, 1, 4, 7], 50, other);

        for (var axis = 0; axis < Dimension; axis++)
        {
            other[axis].ShouldBe(one[axis], 1e-5f);
        }
    }

    [Theory]
    [InlineData("bpr-mf")]
    [InlineData("warp-mf")]
    [InlineData("mf-logistic")]
    [InlineData("gmf")]
    [InlineData("cml")]
    [InlineData("ultragcn")]
    public void A_stranger_with_the_history_of_a_known_user_is_answered_much_as_the_user(string system)
    {
        // Two tastes: items of the user's own parity, of which each user lacks some.
        var train = TwoTastes();
        using var recommender = Recommender.Train(system, new Split { Description = "all", Train = train, Test = new HoldOut { Requests = Sample.KnownUsers(train), Targets = SparseRows.Empty(60, 40) } }, training: new TrainingOptions { Threads = 1 });
        foreach (var user in (int[])[0, 1])
        {
            var list = recommender.Recommend(Request.ForHistory([.. train.ByUser[user].ToArray().Select(item => $"i{item}")]), 4);

            list.Strategy.ShouldBe(AnswerSource.FoldIn);
            list.Items.Select(item => int.Parse(item.Item[1..], System.Globalization.CultureInfo.InvariantCulture) % 2).ShouldBe([user, user, user, user]);
        }
    }

    private static TrainingSet TwoTastes()
    {
        var random = new SeededRandom(5);
        var rows = new List<(int, int, float, long)>();
        for (var user = 0; user < 60; user++)
        {
            for (var item = 0; item < 40; item++)
            {
                if (random.NextDouble() < (item % 2 == user % 2 ? 0.6 : 0.05))
                {
                    rows.Add((user, item, item % 2 == user % 2 ? 5 : 1, rows.Count));
                }
            }
        }

        return Sample.Of(60, 40, [.. rows]);
    }

    // The forces of a loss, as a gradient, against central differences of the loss itself.
    private static void ShouldDescend(FoldInLoss loss, Func<double[], double[], double> value)
    {
        var vector = Numbers(Dimension, 3);
        var found = Gradient(loss, vector);
        for (var axis = 0; axis < Dimension; axis++)
        {
            double At(double shift)
            {
                var moved = vector.ToArray();
                moved[axis] += (float)shift;
                return value(Array.ConvertAll(Scores(History, moved), x => (double)x), Array.ConvertAll(Scores(Others(), moved), x => (double)x)) + (loss.Penalty / 2 * moved.Sum(x => (double)x * x));
            }

            found[axis].ShouldBe((float)((At(0.01) - At(-0.01)) / 0.02), 1e-3f);
        }
    }

    private static float[] Gradient(FoldInLoss loss, float[] vector)
    {
        var (pull, push) = (new float[History.Length], new float[Others().Length]);
        loss.Weigh(Scores(History, vector), Scores(Others(), vector), pull, push);
        return [.. vector.Select((number, axis) => ((float)loss.Penalty * number)
            - History.Select((item, place) => pull[place] * Vectors3[(item * Dimension) + axis]).Sum()
            + Others().Select((item, place) => push[place] * Vectors3[(item * Dimension) + axis]).Sum())];
    }

    private static int[] Others() => [.. Enumerable.Range(0, Items).Except(History)];

    private static float[] Scores(int[] items, float[] vector) =>
        Array.ConvertAll(items, item => Biases[item] + Vectors.Dot(vector, Vectors3.AsSpan(item * Dimension, Dimension)));

    private static float[] Numbers(int count, ulong seed)
    {
        var random = new SeededRandom(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (float)((2 * random.NextDouble()) - 1))];
    }
}
