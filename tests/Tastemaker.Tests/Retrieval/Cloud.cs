using Tastemaker.Data;

namespace Tastemaker.Tests.Retrieval;

/// <summary>Vectors around some centres, of very unequal lengths, as factor models leave them; and queries of the same kind.</summary>
internal static class Cloud
{
    public const int Dimension = 9;

    public static float[] Items(int count) => Rows(count, 1, random => Math.Exp(random.NextGaussian()));

    public static float[] Queries(int count) => Rows(count, 2, _ => 1);

    /// <summary>The truly best items of a query, by sorting all inner products.</summary>
    public static (int Item, float Score)[] Best(float[] items, ReadOnlySpan<float> query, int count)
    {
        var scores = new List<(int Item, float Score)>();
        for (var item = 0; item < items.Length / Dimension; item++)
        {
            var score = 0f;
            for (var k = 0; k < Dimension; k++)
            {
                score = float.FusedMultiplyAdd(query[k], items[(item * Dimension) + k], score);
            }

            scores.Add((item, score));
        }

        return [.. scores.OrderByDescending(pair => pair.Score).ThenBy(pair => pair.Item).Take(count)];
    }

    private static float[] Rows(int count, ulong stream, Func<SeededRandom, double> length)
    {
        const int centres = 25;
        var places = new SeededRandom(3);
        float[] centre = [.. Enumerable.Range(0, centres * Dimension).Select(_ => (float)places.NextGaussian())];
        var random = new SeededRandom(4, stream);
        var rows = new float[count * Dimension];
        for (var row = 0; row < count; row++)
        {
            var (home, size) = (random.Next(centres) * Dimension, length(random));
            for (var k = 0; k < Dimension; k++)
            {
                rows[(row * Dimension) + k] = (float)(size * (centre[home + k] + (0.3 * random.NextGaussian())));
            }
        }

        return rows;
    }
}
