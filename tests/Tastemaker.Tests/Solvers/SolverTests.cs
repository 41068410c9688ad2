using CsCheck;
using Tastemaker.Batches;
using Tastemaker.Data;
using Tastemaker.Recommending;
using Tastemaker.Scoring;
using Tastemaker.Solvers;
using TorchSharp;

namespace Tastemaker.Tests.Solvers;

public sealed class SolverTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(8)]
    [InlineData(21)]
    [InlineData(32)]
    [InlineData(75)] // several blocks of the factorization, and several groups of rows
    public void A_system_of_equations_is_solved(int order)
    {
        var random = new SeededRandom((ulong)order);
        var matrix = new SymmetricMatrix(order);
        float[][] rows = [.. Enumerable.Range(0, (2 * order) + 1).Select(_ => Vector(random, order))];
        foreach (var row in rows)
        {
            matrix.AddOuter(row, 2);
        }

        matrix.AddToDiagonal(0.5);
        double[] solution = [.. Vector(random, order).Select(value => (double)value)];
        double Cell(int i, int j) => (2 * rows.Sum(row => (double)row[i] * row[j])) + (i == j ? 0.5 : 0);
        double[] right = [.. Enumerable.Range(0, order).Select(i => Enumerable.Range(0, order).Sum(j => Cell(i, j) * solution[j]))];

        matrix.Flush();
        matrix[order - 1, 0].ShouldBe(Cell(order - 1, 0), 1e-9);
        matrix.Solve(right).ShouldBeTrue();
        right.Zip(solution, (x, y) => Math.Abs(x - y)).Max().ShouldBeLessThan(1e-8);
    }

    [Fact]
    public void A_matrix_that_is_used_again_forgets_what_it_was()
    {
        var random = new SeededRandom(5);
        var (used, fresh, zero) = (new SymmetricMatrix(45), new SymmetricMatrix(45), new SymmetricMatrix(45));
        foreach (var row in Enumerable.Range(0, 70).Select(_ => Vector(random, 45)))
        {
            used.AddOuter(row);
        }

        used.Solve(new double[45]);
        used.Become(zero, 3);
        double[] right = [.. Vector(random, 45).Select(value => (double)value)];
        var other = (double[])right.Clone();
        foreach (var matrix in new[] { used, fresh })
        {
            matrix.AddToDiagonal(2);
            matrix.AddOuter([.. Enumerable.Repeat(1f, 45)]);
        }

        used.Solve(right).ShouldBeTrue();
        fresh.Solve(other).ShouldBeTrue();
        right.ShouldBe(other);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(256)]
    [InlineData(600)]
    [InlineData(1300)] // several strips of several blocks
    public void The_inverse_of_a_large_matrix_times_the_matrix_is_the_identity(int order)
    {
        using var scope = torch.NewDisposeScope();
        torch.manual_seed(order);
        var factor = torch.randn(order, order, torch.float64);
        var matrix = factor.mm(factor.t()).div_(order).add_(torch.eye(order, dtype: torch.float64));
        var inverse = matrix.clone();
        SymmetricInverse.Invert(inverse, CancellationToken.None);

        inverse.mm(matrix).sub_(torch.eye(order, dtype: torch.float64)).abs_().max().item<double>().ShouldBeLessThan(1e-10);
        inverse.sub(inverse.t()).abs_().max().item<double>().ShouldBeLessThan(1e-12);
    }

    [Fact]
    public void A_singular_system_is_not_solved()
    {
        var matrix = new SymmetricMatrix(2);
        matrix.AddOuter([1, 1]);

        matrix.Solve([1, 2]).ShouldBeFalse();
    }

    [Fact]
    public void The_gram_matrix_of_factors_is_the_sum_of_outer_products()
    {
        var random = new SeededRandom(4);
        float[] factors = [.. Enumerable.Range(0, 100).SelectMany(_ => Vector(random, 6))];
        var gram = Gram.OfFactors(factors, 6, new ParallelOptions());

        gram[4, 2].ShouldBe(factors.Chunk(6).Sum(row => (double)row[4] * row[2]), 1e-9);
        gram[2, 4].ShouldBe(gram[4, 2]);
    }

    [Fact]
    public void The_largest_entries_are_those_of_a_full_sort() =>
        Gen.Int[0, 6].Array[0, 60].Select(Gen.Int[0, 70], (values, count) => (values, count)).Sample(sample =>
        {
            int[] indices = [.. Enumerable.Range(0, sample.values.Length).Select(index => index * 3)];
            float[] values = [.. sample.values.Select(value => (float)value)];
            new SeededRandom(1).Shuffle(indices.AsSpan());
            int[] expected = [.. indices.Zip(values).OrderByDescending(entry => entry.Second).ThenBy(entry => entry.First).Take(sample.count)
                .Select(entry => entry.First).Order()];
            var valueOf = indices.Zip(values).ToDictionary(entry => entry.First, entry => entry.Second);

            var kept = LargestEntries.Keep(indices, values, sample.count);

            return indices.AsSpan(0, kept).SequenceEqual(expected) && Enumerable.Range(0, kept).All(entry => values[entry] == valueOf[indices[entry]]);
        });

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(5, 7, 3)]
    [InlineData(9, 4, 19)]
    public void Dot_products_are_dot_products(int queries, int rows, int dimension)
    {
        var random = new SeededRandom(2);
        var (query, table, offsets, bias) =
            (Vector(random, queries * dimension), Vector(random, rows * dimension), Vector(random, queries), Vector(random, rows));
        var scores = new float[queries * rows];

        FullCatalogScoring.Fill(new CatalogProducts(new PackedVectors(table, dimension, bias), query, offsets), queries, rows, scores);

        for (var cell = 0; cell < scores.Length; cell++)
        {
            var (q, r) = (cell / rows, cell % rows);
            var expected = Enumerable.Range(0, dimension).Sum(k => (double)query[(q * dimension) + k] * table[(r * dimension) + k]) + offsets[q] + bias[r];
            ((double)scores[cell]).ShouldBe(expected, 1e-4);
        }
    }

    [Fact]
    public void Negatives_are_uniform_over_what_a_user_lacks()
    {
        var seen = new Interactions([0, 0, 0, 1, 1, 1, 1, 1], [0, 3, 4, 0, 1, 2, 3, 4]);
        var train = new TrainingSet(new Dataset { Name = "n", Users = new(["a", "b", "c"]), Items = new(["0", "1", "2", "3", "4"]), Interactions = seen });
        var positives = new PositivePairs(train);
        var random = new SeededRandom(6);
        var counts = new int[5];
        for (var draw = 0; draw < 2000; draw++)
        {
            counts[positives.Negative(0, random)]++;
        }

        counts[1].ShouldBeInRange(900, 1100);
        counts[2].ShouldBe(2000 - counts[1]);
        positives.Negative(1, random).ShouldBe(-1);
        Enumerable.Range(0, 200).Select(_ => positives.Negative(2, random)).Distinct().Count().ShouldBe(5);
    }

    [Fact]
    public void Negatives_are_never_positives() =>
        Gen.Int[0, 30].Array[0, 30].Sample(items =>
        {
            var train = new TrainingSet(new Dataset
            {
                Name = "n",
                Users = new(["a"]),
                Items = new(Enumerable.Range(0, 31).Select(item => $"{item}")),
                Interactions = new Interactions(new int[items.Length], items),
            });
            var (positives, random) = (new PositivePairs(train), new SeededRandom(3));
            return Enumerable.Range(0, 50).All(_ => positives.Negative(0, random) is >= 0 and <= 30 and var item && !items.Contains(item));
        });

    [Fact]
    public void A_history_becomes_a_row_of_distinct_items_with_added_values()
    {
        var requests = new RequestBatch([-1, -1], new SparseRows([0, 4, 5], [7, 2, 7, 1, 3], 9, [1, 2, 3, 4, 5]));

        var binary = InteractionMatrix.Of(requests, 9, useValues: false);
        binary[0].ToArray().ShouldBe([1, 2, 7]);
        binary.HasValues.ShouldBeFalse();
        var valued = InteractionMatrix.Of(requests, 9, useValues: true);
        valued.RowValues(0).ToArray().ShouldBe([4f, 2f, 4f]);
        valued[1].ToArray().ShouldBe([3]);
        InteractionMatrix.Of(requests, 9, useValues: false, last: 2)[0].ToArray().ShouldBe([1, 7]);
    }

    private static float[] Vector(SeededRandom random, int length) => [.. Enumerable.Range(0, length).Select(_ => (float)random.NextGaussian())];
}
