using Tastemaker.Data;
using Tastemaker.Models.Baselines;
using Tastemaker.Solvers;

namespace Tastemaker.Tests.Solvers;

public sealed class SplitBregmanTests
{
    private const int K = 3;
    private static readonly float[] Other = [0.5f, -0.2f, 0.9f, 1.1f, 0.3f, -0.4f, -0.7f, 0.8f, 0.2f, 0.1f, -0.6f, 0.4f, 0.9f, 0.9f, 0.1f]; // five rows

    [Theory]
    [InlineData(0.3, 0.9)]
    [InlineData(2.5, 0)]
    [InlineData(0, 0.4)]
    public void For_one_number_per_row_it_converges_to_the_soft_threshold(double penalty, double background)
    {
        float[] y = [0.5f, -1.2f, 2];
        float[] r = [1, -0.5f, 0.25f];
        var gram = new SymmetricMatrix(1);
        gram.AddOuter([0.5f]);
        gram.AddOuter([-1.2f]);
        gram.AddOuter([2]);
        gram.Flush();
        var (d, b) = (new float[1], new float[1]);
        new SplitBregman(y, 1, gram) { UnobservedWeight = background, Penalty = penalty, Iterations = 2000 }.Solve([0, 1], r.AsSpan(0, 2), new SymmetricMatrix(1), d, b);

        var (linear, square) = ((0.5 * 1) + (-1.2 * -0.5), (0.5 * 0.5) + (1.2 * 1.2) + (background * 4)); // the third pair weighs the background
        ((double)d[0]).ShouldBe(Math.Sign(linear) * Math.Max(0, Math.Abs(linear) - penalty) / square, 1e-5);
    }

    [Fact]
    public void Without_a_penalty_it_is_least_squares()
    {
        var (d, b) = (new float[K], new float[K]);
        float[] r = [1, 2, -1, 0.5f];
        Problem(0, 1, 5000).Solve([0, 1, 2, 4], r, new SymmetricMatrix(K), d, b);

        var equations = new SymmetricMatrix(K);
        var right = new double[K];
        foreach (var (entry, row) in new[] { 0, 1, 2, 4 }.Index())
        {
            equations.AddOuter(Other.AsSpan(row * K, K));
            Vectors.AddScaled(right, r[entry], Other.AsSpan(row * K, K));
        }

        equations.Solve(right).ShouldBeTrue();
        Models.Baselines.Sample.ShouldBeClose(d, right, 1e-4);
    }

    [Fact]
    public void The_solution_does_not_depend_on_mu_and_is_exactly_sparse()
    {
        var solutions = new[] { 0.1, 1, 10 }.Select(mu =>
        {
            var (d, b) = (new float[K], new float[K]);
            Problem(0.8, mu, 20_000).Solve([0, 1, 2], [], new SymmetricMatrix(K), d, b);
            return d;
        }).ToArray();

        for (var index = 0; index < K; index++)
        {
            solutions.ShouldAllBe(solution => Math.Abs(solution[index] - solutions[1][index]) < 1e-4);
        }

        solutions[1].ShouldContain(0f);
        solutions[1].ShouldContain(value => value != 0);
    }

    [Fact]
    public void Going_on_from_where_it_stands_is_as_good_as_more_iterations()
    {
        var (d, b) = (new float[K], new float[K]);
        var (whole, rest) = (new float[K], new float[K]);
        for (var turn = 0; turn < 5; turn++)
        {
            Problem(0.3, 1, 4).Solve([0, 3], [], new SymmetricMatrix(K), d, b);
        }

        Problem(0.3, 1, 20).Solve([0, 3], [], new SymmetricMatrix(K), whole, rest);
        Models.Baselines.Sample.ShouldBeClose(d, [.. whole.Select(value => (double)value)], 1e-5);
    }

    [Fact]
    public void A_row_without_entries_is_0()
    {
        float[] d = [1, 2, 3], b = [1, 1, 1];
        Problem(0.1, 1, 3).Solve([], [], new SymmetricMatrix(K), d, b).ShouldBeTrue();
        d.ShouldAllBe(value => value == 0);
        b.ShouldAllBe(value => value == 0);
    }

    [Theory]
    [InlineData(1.0, 0.2)]
    [InlineData(2.0, 0)]
    public void Errors_over_all_pairs_are_those_of_the_whole_matrix(double observed, double unobserved)
    {
        var rows = new SparseRows([0, 2, 2, 3], [0, 3, 4], 5, [1.5f, -1, 2]);
        float[] users = [0.2f, 0.4f, -1, 1, 0, 0.3f, -0.5f, 0.1f, 0.7f];
        var expected = 0.0;
        for (var user = 0; user < 3; user++)
        {
            for (var item = 0; item < 5; item++)
            {
                var place = rows[user].IndexOf(item);
                var score = Enumerable.Range(0, K).Sum(index => (double)users[(user * K) + index] * Other[(item * K) + index]);
                expected += place >= 0 ? observed * Math.Pow(rows.RowValues(user)[place] - score, 2) : unobserved * score * score;
            }
        }

        WeightedErrors.Of(rows, users, Other, Other, K, observed, unobserved, new()).ShouldBe(expected, 1e-5);
    }

    [Fact]
    public void Biases_of_ratings_are_damped_means_and_leave_the_rest()
    {
        var found = RatingBiases.Of(new SparseRows([0, 2, 3, 3], [0, 1, 0], 3, [5, 2, 2]));

        found.Mean.ShouldBe(3);
        found.OfItems.ShouldBe([1f / 12, -1f / 11, 0]);
        found.OfUsers[0].ShouldBe((2 - (1f / 12) - 1 + (1f / 11)) / 17, 1e-6f);
        found.OfUsers[1].ShouldBe((-1 - (1f / 12)) / 16, 1e-6f);
        found.OfUsers[2].ShouldBe(0);
        found.Rest.RowValues(0)[1].ShouldBe(2 - 3 + (1f / 11) - found.OfUsers[0], 1e-6f);
    }

    private static SplitBregman Problem(double penalty, double mu, int iterations) =>
        new(Other, K, new SymmetricMatrix(K)) { UnobservedWeight = 0, Penalty = penalty, Coupling = mu, Iterations = iterations };
}
