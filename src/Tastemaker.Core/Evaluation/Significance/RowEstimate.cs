using MathNet.Numerics.Distributions;

namespace Tastemaker.Evaluation.Significance;

/// <summary>A figure over labelled rows, or the difference of two, with its standard error.</summary>
/// <param name="Value">The figure.</param>
/// <param name="Error">Its standard error.</param>
/// <param name="Clusters">Number of independent groups of rows behind it: users, or rows; at least 2.</param>
internal readonly record struct RowEstimate(double Value, double Error, int Clusters)
{
    /// <summary>The two-sided p-value of the figure being 0, by Student's t with a degree of freedom less than there are clusters.</summary>
    public double Chance => Error > 0
        ? Math.Min(1, 2 * StudentT.CDF(0, 1, Clusters - 1, -Math.Abs(Value / Error)))
        : Value == 0 ? 1 : 0;

    /// <summary>The interval of a confidence level, by the same distribution.</summary>
    public Interval Interval(double level)
    {
        var reach = Error > 0 ? StudentT.InvCDF(0, 1, Clusters - 1, (1 + level) / 2) * Error : 0;
        return new Interval(Value - reach, Value + reach);
    }
}
