namespace Tastemaker.Evaluation.Significance;

/// <summary>A confidence interval.</summary>
/// <param name="Lower">Its lower end.</param>
/// <param name="Upper">Its upper end.</param>
public readonly record struct Interval(double Lower, double Upper)
{
    /// <summary>Whether the value lies inside; the ends do.</summary>
    public bool Contains(double value) => Lower <= value && value <= Upper;
}
