using System.Globalization;

namespace Tastemaker.Evaluation.Significance;

/// <summary>Systems measured on one hold-out, with confidence intervals and paired tests against a reference.</summary>
public sealed record ComparisonTable
{
    /// <summary>Metrics, in the order of the results.</summary>
    public required IReadOnlyList<string> Metrics { get; init; }

    /// <summary>The metric that orders the rows.</summary>
    public required string MainMetric { get; init; }

    /// <summary>The system the others are compared with.</summary>
    public required string Reference { get; init; }

    /// <summary>Systems, best on the main metric first.</summary>
    public required IReadOnlyList<ComparisonRow> Rows { get; init; }

    /// <summary>How it was done.</summary>
    public required ComparisonOptions Options { get; init; }

    /// <summary>Number of tests that Holm's correction covers.</summary>
    public required int Tests { get; init; }

    /// <summary>Metrics that only some of the systems have, in a sentence each.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>What varies in the intervals of the main metric.</summary>
    internal string Units { get; init; } = "requests";

    /// <summary>The units of click and value metrics.</summary>
    internal const string Users = "users";

    /// <summary>Compares results that were measured on the same hold-out.</summary>
    /// <exception cref="InputException">Names repeat, nothing is in common, the reference or main metric is unknown, or the results are of different hold-outs.</exception>
    public static ComparisonTable Compare(IReadOnlyList<(string System, EvaluationResult Result)> systems, ComparisonOptions? options = null) =>
        new Comparer(systems, options ?? new ComparisonOptions()).Compare();

    /// <summary>One sentence on a system's main metric against the reference.</summary>
    public string Explain(ComparisonRow row)
    {
        var cell = row.Cells[MainMetric];
        if (row.System == Reference)
        {
            return "The reference.";
        }

        if (cell is not { Difference: { } difference, DifferenceInterval: { } interval, CorrectedPValue: { } chance })
        {
            return MetricCatalog.Find(MainMetric)?.Kind == MetricKind.Value
                ? $"not tested on {MainMetric}: its run was stored without the prediction of each rating. Delete the run's folder and compare again to have the test."
                : $"not tested on {MainMetric}: that is one figure of the whole test part, with nothing to pair by request, row or rating.";
        }

        var finding = cell.Verdict switch
        {
            Verdict.Better => $"better than {Reference}",
            Verdict.Worse => $"worse than {Reference}",
            Verdict.Different => $"different from {Reference}",
            _ => $"not distinguishable from {Reference}",
        };
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{finding}: {difference:+0.0000;-0.0000;0.0000} [{interval.Lower:+0.0000;-0.0000;0.0000}, {interval.Upper:+0.0000;-0.0000;0.0000}], corrected p {FormatChance(chance)}{(cell.Verdict is Verdict.NoDifference && interval.Contains(0) is false ? " (the interval is of this pair alone, not corrected)" : "")}.");
    }

    private static string FormatChance(double chance) =>
        chance < 0.0001 ? "< 0.0001" : chance.ToString("0.####", CultureInfo.InvariantCulture);
}

/// <summary>One system of a comparison.</summary>
/// <param name="System">Its name.</param>
/// <param name="Cells">By metric.</param>
public sealed record ComparisonRow(string System, IReadOnlyDictionary<string, ComparisonCell> Cells);

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

/// <summary>How a system compares with the reference on a metric.</summary>
public enum Verdict
{
    /// <summary>No test: the reference itself, or a metric without figures per request, row or rating.</summary>
    NotTested,

    /// <summary>The data cannot tell them apart.</summary>
    NoDifference,

    /// <summary>Significantly better than the reference.</summary>
    Better,

    /// <summary>Significantly worse than the reference.</summary>
    Worse,

    /// <summary>Significantly different on a metric that is neither good nor bad by itself.</summary>
    Different,
}

/// <summary>How systems are compared.</summary>
public sealed record ComparisonOptions
{
    /// <summary>The system the others are compared with; null for the best on <see cref="MainMetric"/>.</summary>
    public string? Reference { get; init; }

    /// <summary>The metric that orders the table; null for "ndcg@10", or else NDCG at its first cut-off, or else the first metric.</summary>
    public string? MainMetric { get; init; }

    /// <summary>
    /// The metrics on which systems are tested, such as "ndcg@10"; null for those at the cut-off of <see cref="MainMetric"/> that are better
    /// one way. Every test makes the correction stricter for all, so ask for what the question needs.
    /// </summary>
    public IReadOnlyList<string>? TestedMetrics { get; init; }

    /// <summary>Bootstrap resamples. <value>10,000</value></summary>
    public int Resamples { get; init; } = 10_000;

    /// <summary>Confidence of the intervals; 1 - it is the significance level. <value>0.95</value></summary>
    public double Level { get; init; } = 0.95;

    /// <summary>Chooses the resamples. <value>42</value></summary>
    public ulong Seed { get; init; } = 42;
}
