using Tastemaker.Data;
using Tastemaker.Solvers;

namespace Tastemaker.Tests.Solvers;

public sealed class PairDifferencesTests
{
    private const int Items = 9;
    private const int Dimension = 3;

    public static TheoryData<int[]> Users => new(new int[] { 4 }, new int[] { 0, 3, 8 }, new int[] { 1, 2, 3, 5, 6, 7, 8 }, new int[] { 0, 1, 2, 3, 4, 5, 6, 7 });

    [Theory]
    [MemberData(nameof(Users))]
    public void Sums_are_those_over_all_pairs(int[] has)
    {
        var vectors = Vectors();
        var (squares, sum) = (new SymmetricMatrix(Dimension), new double[Dimension]);
        new PairDifferences(vectors, Dimension, new ParallelOptions()).Sums(has, squares, sum);

        for (var row = 0; row < Dimension; row++)
        {
            sum[row].ShouldBe(Differences(vectors, has).Sum(d => d[row]), 1e-4);
            for (var column = 0; column <= row; column++)
            {
                squares[row, column].ShouldBe(Differences(vectors, has).Sum(d => d[row] * d[column]), 1e-4);
            }
        }
    }

    [Fact]
    public void A_constant_added_to_all_vectors_changes_nothing()
    {
        var vectors = Vectors();
        float[] moved = [.. vectors.Select((value, index) => value + new[] { 3f, -2f, 5f }[index % Dimension])];
        var (before, after) = (Solve(vectors, [0, 3, 8]), Solve(moved, [0, 3, 8]));
        for (var index = 0; index < Dimension; index++)
        {
            after[index].ShouldBe(before[index], 1e-4f);
        }
    }

    [Theory]
    [MemberData(nameof(Users))]
    public void The_solution_is_where_five_thousand_gradient_steps_lead(int[] has)
    {
        var vectors = Vectors();
        var u = new double[Dimension];
        for (var step = 0; step < 5000; step++)
        {
            var gradient = u.Select(value => 0.1 * value).ToArray();
            foreach (var d in Differences(vectors, has))
            {
                var error = 1 - u.Zip(d, (x, y) => x * y).Sum();
                for (var index = 0; index < Dimension; index++)
                {
                    gradient[index] -= 0.05 * error * d[index];
                }
            }

            for (var index = 0; index < Dimension; index++)
            {
                u[index] -= 0.05 * gradient[index];
            }
        }

        var solved = Solve(vectors, has);
        for (var index = 0; index < Dimension; index++)
        {
            ((double)solved[index]).ShouldBe(u[index], 1e-4);
        }
    }

    [Fact]
    public void Who_has_nothing_or_everything_compares_nothing()
    {
        Solve(Vectors(), []).ShouldBe(new float[Dimension]);
        Solve(Vectors(), [.. Enumerable.Range(0, Items)]).ShouldBe(new float[Dimension]);
    }

    private static float[] Solve(float[] vectors, int[] has)
    {
        var u = new float[Dimension];
        new PairDifferences(vectors, Dimension, new ParallelOptions()).Solve(has, 0.05, 0.1, u).ShouldBeTrue();
        return u;
    }

    private static IEnumerable<double[]> Differences(float[] vectors, int[] has) =>
        from better in has
        from worse in Enumerable.Range(0, Items).Except(has)
        select Enumerable.Range(0, Dimension).Select(index => (double)vectors[(better * Dimension) + index] - vectors[(worse * Dimension) + index]).ToArray();

    private static float[] Vectors()
    {
        var random = new SeededRandom(3);
        return [.. Enumerable.Range(0, Items * Dimension).Select(_ => (float)(random.NextDouble() * 2))];
    }
}
