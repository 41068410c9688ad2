using Tastemaker.Data;

namespace Tastemaker.Bench.Generation;

/// <summary>
/// Vectors of the kind that factor models learn. Items gather around interests, the variance of a coordinate falls with its place as in a spectrum,
/// and popular items are longer; queries are users with three interests each. The same seed gives the same vectors on any number of threads.
/// </summary>
internal static class SyntheticVectors
{
    /// <summary>What they are, for reports: a sentence.</summary>
    public const string Description =
        "items around 400 interests with 0.8 times the interests' own spread, coordinate k with variance 1/k, popular items up to four times as long, queries mixed of three interests.";

    private const int Interests = 400;
    private const double Spread = 0.8;
    private const int InterestsOfUser = 3;

    /// <summary>Item vectors [items, dimension].</summary>
    public static float[] Items(int items, int dimension, ulong seed = 42) => Rows(items, dimension, seed, 1, (random, vector, interests) =>
    {
        AddInterest(random, vector, interests, 1);
        AddNoise(random, vector);
        Scale(vector, 0.3 + (0.25 / Math.Pow(random.NextDouble() + 0.01, 0.35))); // by popularity: its rank is uniform
    });

    /// <summary>Query vectors [queries, dimension].</summary>
    public static float[] Queries(int queries, int dimension, ulong seed = 42) => Rows(queries, dimension, seed, 2, (random, vector, interests) =>
    {
        for (var interest = 0; interest < InterestsOfUser; interest++)
        {
            AddInterest(random, vector, interests, random.NextDouble());
        }

        AddNoise(random, vector);
    });

    private delegate void Fill(SeededRandom random, Span<float> vector, float[] interests);

    private static float[] Rows(int rows, int dimension, ulong seed, ulong stream, Fill fill)
    {
        var interests = new float[Interests * dimension];
        var drawn = new SeededRandom(seed);
        for (var index = 0; index < interests.Length; index++)
        {
            interests[index] = (float)(Deviation(index % dimension) * drawn.NextGaussian());
        }

        var vectors = new float[rows * dimension];
        Parallel.For(0, rows, row => fill(new SeededRandom(seed, stream, (ulong)row), vectors.AsSpan(row * dimension, dimension), interests));
        return vectors;
    }

    private static double Deviation(int coordinate) => 1 / Math.Sqrt(coordinate + 1);

    private static void AddInterest(SeededRandom random, Span<float> vector, float[] interests, double weight)
    {
        var first = random.Next(Interests) * vector.Length;
        for (var k = 0; k < vector.Length; k++)
        {
            vector[k] += (float)(weight * interests[first + k]);
        }
    }

    private static void AddNoise(SeededRandom random, Span<float> vector)
    {
        for (var k = 0; k < vector.Length; k++)
        {
            vector[k] += (float)(Spread * Deviation(k) * random.NextGaussian());
        }
    }

    private static void Scale(Span<float> vector, double factor)
    {
        for (var k = 0; k < vector.Length; k++)
        {
            vector[k] = (float)(factor * vector[k]);
        }
    }
}
