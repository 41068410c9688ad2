using Tastemaker.Data;
using Tastemaker.Solvers;

namespace Tastemaker.Tests.Solvers;

/// <summary>Whole registers and what is left over must agree with the formulas, for lengths of either kind.</summary>
public sealed class VectorsTests
{
    public static TheoryData<int> Lengths => [1, 7, 8, 16, 21, 35];

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Dot_and_add_scaled(int length)
    {
        var (a, b) = (Random(length, 1), Random(length, 2));
        double expected = a.Zip(b, (x, y) => (double)x * y).Sum();
        float[] sum = [.. a];
        Vectors.AddScaled(sum, -1.5f, b);

        ((double)Vectors.Dot(a, b)).ShouldBe(expected, 1e-5);
        Vectors.Dot(Array.ConvertAll(a, x => (double)x), Array.ConvertAll(b, x => (double)x)).ShouldBe(expected, 1e-12);
        ShouldBe(sum, index => a[index] - (1.5 * b[index]));
    }

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Exchange_moves_both_from_the_old_values(int length)
    {
        var (p, q) = (Random(length, 1), Random(length, 2));
        float[] newP = [.. p];
        float[] newQ = [.. q];
        Vectors.Exchange(newP, newQ, 0.9f, 0.3f);

        ShouldBe(newP, index => (0.9 * p[index]) + (0.3 * q[index]));
        ShouldBe(newQ, index => (0.9 * q[index]) + (0.3 * p[index]));
    }

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Contrast_moves_all_three_from_the_old_values(int length)
    {
        var (p, better, worse) = (Random(length, 1), Random(length, 2), Random(length, 3));
        float[] newP = [.. p];
        float[] newBetter = [.. better];
        float[] newWorse = [.. worse];
        Vectors.Contrast(newP, newBetter, newWorse, 0.9f, 0.3f);

        ShouldBe(newP, index => (0.9 * p[index]) + (0.3 * ((double)better[index] - worse[index])));
        ShouldBe(newBetter, index => (0.9 * better[index]) + (0.3 * p[index]));
        ShouldBe(newWorse, index => (0.9 * worse[index]) - (0.3 * p[index]));
    }

    private static void ShouldBe(float[] actual, Func<int, double> expected)
    {
        for (var index = 0; index < actual.Length; index++)
        {
            ((double)actual[index]).ShouldBe(expected(index), 1e-5);
        }
    }

    private static float[] Random(int length, ulong seed)
    {
        var random = new SeededRandom(seed);
        return [.. Enumerable.Range(0, length).Select(_ => (float)random.NextGaussian())];
    }
}
