namespace Tastemaker.Options;

/// <summary>The range in which a hyper-parameter search looks for a good value of an option.</summary>
/// <param name="low">Smallest value tried.</param>
/// <param name="high">Largest value tried.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SearchAttribute(double low, double high) : Attribute
{
    /// <summary>Smallest value tried.</summary>
    public double Low { get; } = low;

    /// <summary>Largest value tried.</summary>
    public double High { get; } = high;

    /// <summary>Whether the search is uniform in the logarithm.</summary>
    public bool Log { get; init; }
}
