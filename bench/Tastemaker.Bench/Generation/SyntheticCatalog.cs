using Tastemaker.Data;

namespace Tastemaker.Bench.Generation;

/// <summary>
/// The items of a generated data set: popularity falls as a power of the rank (Zipf-Mandelbrot; with exponent 2 a tenth of the items draws
/// three quarters of the interactions, much as in MovieLens-20M), each item belongs to one interest and has a quality.
/// </summary>
internal sealed class SyntheticCatalog
{
    private const double Exponent = 2;

    /// <summary>Ranks over which popularity is still flat; a smaller share of the catalog would let the first item reach every user.</summary>
    private const double FlatShare = 1.0 / 90;

    public SyntheticCatalog(SyntheticShape shape)
    {
        var random = new SeededRandom(shape.Seed, 1);
        var weights = new double[shape.Items];
        for (var item = 0; item < weights.Length; item++)
        {
            weights[item] = Math.Pow(item + 1 + (shape.Items * FlatShare), -Exponent);
        }

        // Identifiers must not tell popularity.
        random.Shuffle(weights.AsSpan());
        Quality = [.. weights.Select(_ => 3.5 + (0.4 * random.NextGaussian()))];
        InterestOf = [.. weights.Select(_ => random.Next(shape.Interests))];
        Everything = new WeightedChoice([.. Enumerable.Range(0, shape.Items)], weights);
        ByInterest = [.. Enumerable.Range(0, shape.Interests).Select(interest => Members(interest, weights))];
    }

    /// <summary>Mean rating of each item.</summary>
    public double[] Quality { get; }

    /// <summary>The interest each item belongs to.</summary>
    public int[] InterestOf { get; }

    /// <summary>Any item, by popularity.</summary>
    public WeightedChoice Everything { get; }

    /// <summary>Items of an interest, by popularity; null for an interest without items.</summary>
    public WeightedChoice?[] ByInterest { get; }

    private WeightedChoice? Members(int interest, double[] weights)
    {
        int[] members = [.. Enumerable.Range(0, weights.Length).Where(item => InterestOf[item] == interest)];
        return members.Length == 0 ? null : new WeightedChoice(members, [.. members.Select(item => weights[item])]);
    }
}
