using MathNet.Numerics.Distributions;
using Tastemaker.Evaluation.Clicks;

namespace Tastemaker.Evaluation.Significance;

/// <summary>The mean of figures with a standard error that respects that figures of one cluster (a user) are alike.</summary>
internal static class ClusteredMean
{
    /// <summary>Estimates the mean; null where there are fewer than two clusters.</summary>
    /// <param name="figures">A figure per row.</param>
    /// <param name="clusters">The rows of each cluster.</param>
    public static RowEstimate? Of(double[] figures, RowGroups clusters)
    {
        var mean = figures.Sum() / figures.Length;
        var squares = 0.0;
        for (var cluster = 0; cluster < clusters.Count; cluster++)
        {
            var part = 0.0;
            foreach (var row in clusters[cluster])
            {
                part += (figures[row] - mean) / figures.Length;
            }

            squares += part * part;
        }

        return clusters.Count < 2 ? null : new RowEstimate(mean, Math.Sqrt(squares * clusters.Count / (clusters.Count - 1)), clusters.Count);
    }
}

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
