using Tastemaker.Bench.Generation;

namespace Tastemaker.Bench.Measuring;

/// <summary>
/// How cost grows with one dimension of the data at a time: a middle shape, and for users, items and interactions a shape with a quarter and one
/// with four times as many, all else equal.
/// </summary>
internal static class GrowthStudy
{
    /// <summary>Sizes measured along a dimension, as multiples of the middle shape's.</summary>
    public static IReadOnlyList<double> Steps { get; } = [0.25, 1, 4];

    /// <summary>The middle shape. Every quarter and fourfold of it exists: no user has more than a third of the items.</summary>
    public static SyntheticShape Middle(double size) => new()
    {
        Users = (int)(20_000 * size), Items = (int)(2_000 * size), Interactions = (int)(1_000_000 * size),
    };

    /// <summary>The dimensions, with the shape a step along each leads to.</summary>
    public static IReadOnlyList<(string Dimension, Func<SyntheticShape, double, SyntheticShape> Grow)> Dimensions { get; } =
    [
        ("interactions", (shape, step) => shape with { Interactions = (int)(shape.Interactions * step) }),
        ("users", (shape, step) => shape with { Users = (int)(shape.Users * step) }),
        ("items", (shape, step) => shape with { Items = (int)(shape.Items * step) }),
    ];

    /// <summary>Measures all shapes; the middle one, which the dimensions share, once.</summary>
    public static IReadOnlyList<Growth> Measure(SyntheticShape middle, Func<SyntheticShape, IReadOnlyList<PartCost>> measure)
    {
        var shared = measure(middle);
        var growths = new List<Growth>();
        foreach (var (dimension, grow) in Dimensions)
        {
            var costs = Steps.Select(step => step == 1 ? shared : measure(grow(middle, step))).ToList();
            growths.AddRange(shared.Select((part, index) => new Growth(part.Part, dimension, [.. costs.Select(step => step[index])])));
        }

        return growths;
    }

    /// <summary>The exponent of a power law through the times, by least squares on logarithms: 1 where twice the size costs twice the time.</summary>
    public static double Exponent(IReadOnlyList<double> sizes, IReadOnlyList<double> times)
    {
        var (x, y) = (sizes.Select(size => Math.Log(size)).ToList(), times.Select(time => Math.Log(time)).ToList());
        var (meanX, meanY) = (x.Average(), y.Average());
        return x.Zip(y, (a, b) => (a - meanX) * (b - meanY)).Sum() / x.Sum(a => (a - meanX) * (a - meanX));
    }
}
