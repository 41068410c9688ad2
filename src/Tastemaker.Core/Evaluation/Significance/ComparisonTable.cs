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
            $"{finding}: {difference:+0.0000;-0.0000;0.0000} [{interval.Lower:+0.0000;-0.0000;0.0000}, {interval.Upper:+0.0000;-0.0000;0.0000}], corrected p {FormatChance(chance)}.");
    }

    private static string FormatChance(double chance) =>
        chance < 0.0001 ? "< 0.0001" : chance.ToString("0.####", CultureInfo.InvariantCulture);
}
