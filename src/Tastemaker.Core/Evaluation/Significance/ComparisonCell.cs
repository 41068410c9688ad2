namespace Tastemaker.Evaluation.Significance;

/// <summary>One system on one metric.</summary>
public sealed record ComparisonCell
{
    /// <summary>The metric's value.</summary>
    public required double Mean { get; init; }

    /// <summary>
    /// Bootstrap interval of the mean over requests; for click and value metrics, of the standard error by users (DeLong's for AUC). Null for metrics without
    /// either.
    /// </summary>
    public Interval? Interval { get; init; }

    /// <summary>Difference from the reference, over the requests both have or the labelled rows; null where not compared.</summary>
    public double? Difference { get; init; }

    /// <summary>Paired interval of the difference, made as <see cref="Interval"/> is.</summary>
    public Interval? DifferenceInterval { get; init; }

    /// <summary>
    /// p-value of the Wilcoxon signed-rank test, or of McNemar's where the metric is 0 or 1; for click and value metrics, of the paired test by users (DeLong's for
    /// AUC; on squared errors for RMSE). Uncorrected.
    /// </summary>
    public double? PValue { get; init; }

    /// <summary>p-value of the paired t-test; uncorrected, for reference.</summary>
    public double? StudentPValue { get; init; }

    /// <summary><see cref="PValue"/> after Holm's correction over all comparisons of the table.</summary>
    public double? CorrectedPValue { get; init; }

    /// <summary>The finding: significant where the corrected p-value and the interval of the difference agree.</summary>
    public Verdict Verdict { get; init; }
}
