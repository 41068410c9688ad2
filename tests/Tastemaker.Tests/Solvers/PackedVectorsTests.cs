using Tastemaker.Data;
using Tastemaker.Recommending;
using Tastemaker.Scoring;
using Tastemaker.Solvers;

namespace Tastemaker.Tests.Solvers;

/// <summary>Products have one value, whatever is computed beside them.</summary>
public sealed unsafe class PackedVectorsTests
{
    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(5, 63, 3)]
    [InlineData(6, 64, 64)]
    [InlineData(13, 200, 19)]
    [InlineData(48, 130, 33)]
    public void A_product_is_one_chain_of_multiply_adds_in_the_order_of_the_dimensions(int queries, int rows, int dimension)
    {
        var (query, table, offsets, bias) = (Numbers(1, queries * dimension), Numbers(2, rows * dimension), Numbers(3, queries), Numbers(4, rows));
        var scores = new float[queries * rows];

        FullCatalogScoring.Fill(new CatalogProducts(new PackedVectors(table, dimension, bias), query, offsets), queries, rows, scores);

        for (var cell = 0; cell < scores.Length; cell++)
        {
            var (q, r) = (cell / rows, cell % rows);
            var sum = 0f;
            for (var k = 0; k < dimension; k++)
            {
                sum = float.FusedMultiplyAdd(query[(q * dimension) + k], table[(r * dimension) + k], sum);
            }

            scores[cell].ShouldBe(sum + bias[r] + offsets[q]);
        }
    }

    [Fact]
    public void Parts_and_groups_have_the_bits_of_the_whole()
    {
        const int queries = 50, rows = 1000, dimension = 21;
        var parts = new CatalogProducts(new PackedVectors(Numbers(5, rows * dimension), dimension, []), Numbers(6, queries * dimension), new float[queries]);
        var whole = new float[queries * rows];
        FullCatalogScoring.Fill(parts, queries, rows, whole);

        foreach (var (first, count) in new[] { (0, 7), (3, 1), (11, 39) })
        {
            var part = new float[count * 200];
            parts.Fill(first..(first + count), 128, 190, part, 200);
            for (var query = 0; query < count; query++)
            {
                part.AsSpan(query * 200, 190).SequenceEqual(whole.AsSpan(((first + query) * rows) + 128, 190)).ShouldBeTrue();
                part.AsSpan((query * 200) + 190, 10).ContainsAnyExcept(0f).ShouldBeFalse();
            }
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(6)]
    public void A_rectifier_cuts_below_0_and_lets_what_is_no_number_through(int queries)
    {
        var panel = new float[64];
        (panel[0], panel[1], panel[2], panel[63]) = (-3, 2, float.NaN, -1);
        var (query, bias, offsets, results) = (Enumerable.Repeat(2f, queries).ToArray(), new float[64], new float[queries], new float[queries * 64]);
        fixed (float* q = query, p = panel, b = bias, o = offsets, r = results)
        {
            PanelKernel.Multiply(q, queries, 1, p, b, o, 0, r, 64);
        }

        for (var row = 0; row < queries; row++)
        {
            results[(row * 64)..((row * 64) + 3)].ShouldBe([0, 4, float.NaN]);
            results[(row * 64) + 63].ShouldBe(0);
        }
    }

    private static float[] Numbers(ulong seed, int count)
    {
        var random = new SeededRandom(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (float)random.NextGaussian())];
    }
}
