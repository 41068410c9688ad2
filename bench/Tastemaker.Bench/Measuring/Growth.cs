namespace Tastemaker.Bench.Measuring;

/// <summary>The cost of one part along one dimension of the data, at <see cref="GrowthStudy.Steps"/>.</summary>
internal sealed record Growth(string Part, string Dimension, IReadOnlyList<PartCost> Costs)
{
    /// <summary>The power of the dimension's size that the time follows.</summary>
    public double Exponent => GrowthStudy.Exponent(GrowthStudy.Steps, [.. Costs.Select(cost => cost.Seconds)]);
}
