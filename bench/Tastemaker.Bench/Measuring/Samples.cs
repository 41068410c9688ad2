namespace Tastemaker.Bench.Measuring;

/// <summary>Measured seconds of which the median counts.</summary>
internal sealed class Samples
{
    private readonly List<double> values = [];

    public int Count => values.Count;

    /// <summary>The middle one, or the mean of the two in the middle; NaN of none.</summary>
    public double Median
    {
        get
        {
            values.Sort();
            return Count == 0 ? double.NaN : (values[(Count - 1) / 2] + values[Count / 2]) / 2;
        }
    }

    public void Add(double value) => values.Add(value);

    public void Clear() => values.Clear();
}
