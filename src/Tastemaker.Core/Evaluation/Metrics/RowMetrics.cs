using Tastemaker.Evaluation.Clicks;
using Tastemaker.Evaluation.Significance;

namespace Tastemaker.Evaluation.Metrics;

/// <summary>A metric of labelled rows with predicted probabilities, as in click prediction.</summary>
internal class RowMetric(string name, string title, string description, string formula, Func<ClickPredictions, double> measure)
    : MetricInfo(name, title, description, formula)
{
    /// <inheritdoc/>
    public override MetricKind Kind => MetricKind.Pairs;

    /// <summary>
    /// Estimates the metric with its standard error, or how much larger it is than another system's on the same rows; null where no standard error is known.
    /// </summary>
    public RowInference.Estimator? Inference { get; init; }

    /// <summary>The metric of some rows; NaN where they do not define it.</summary>
    public double Measure(ClickPredictions of) => measure(of);
}

/// <summary>A metric of the order of all candidates: of each request, or of all labelled rows.</summary>
internal sealed class OrderMetric(string name, string title, string description, string formula, Func<ClickPredictions, double> measure)
    : RowMetric(name, title, description, formula, measure)
{
    /// <inheritdoc/>
    public override MetricKind Kind => MetricKind.Order;

    /// <summary>Whether a request counts by its number of candidates. If not, the metric is a plain mean, and has a value per request.</summary>
    public bool IsWeighted { get; init; }
}

/// <summary>The metrics of labelled rows.</summary>
internal static class RowMetrics
{
    /// <summary>In the order of results.</summary>
    public static IReadOnlyList<RowMetric> All { get; } =
    [
        new OrderMetric("auc", "AUC",
            "The chance that a target stands above another candidate, equal scores counting half: the mean over requests; on labelled rows, that a positive row is predicted above a negative one, over all rows.",
            "(sum over targets of the ascending midrank - n (n+1) / 2) / (n (candidates - n))",
            rows => PairMetrics.Auc(rows.Labels, rows.Probabilities)) { IsDefault = false, Inference = (of, own, other) => of.Auc(own, other) },
        new OrderMetric("gauc", "GAUC",
            "The AUC of each request, weighted by its number of candidates; on labelled rows, of each user with rows of both labels, weighted by its rows (impressions).",
            "sum_u w_u AUC_u / sum_u w_u, w_u = |candidates or rows of u|",
            rows => PairMetrics.GroupAuc(rows.ByUser, rows.Labels, rows.Probabilities, GroupWeight.Impressions))
        { IsDefault = false, IsWeighted = true, Inference = (_, own, other) => RowInference.GroupAuc(own, other) },
        new("logloss", "Log loss", "The mean negative log-likelihood of 0/1 labels, probabilities held within [1e-7, 1 - 1e-7].", "-mean (y ln p + (1-y) ln(1-p))",
            rows => PairMetrics.LogLoss(rows.Labels, rows.Probabilities))
        { Direction = MetricDirection.LowerIsBetter, IsDefault = false, Inference = (of, own, other) => of.Mean(own, other, PairMetrics.LogLoss) },
        new(NormalizedEntropy, "Normalized entropy", "Log loss relative to that of always predicting the share of positives: 1 where nothing was learned.",
            "logloss / -(q ln q + (1-q) ln(1-q)), q = mean y",
            rows => PairMetrics.NormalizedEntropy(rows.Labels, rows.Probabilities)) { Direction = MetricDirection.LowerIsBetter, IsDefault = false },
        new("calibration", "Calibration", "Expected over observed positives: 1 is best, above it probabilities are too high on the whole, below it too low.", "sum p / sum y",
            rows => PairMetrics.Calibration(rows.Labels, rows.Probabilities)) { Direction = MetricDirection.Descriptive, IsDefault = false },
        new("ece", "Calibration error", "The expected calibration error over 20 bins of equal count in order of prediction, equal predictions in one bin.",
            "sum_b |b| / N * |mean p in b - mean y in b|",
            rows => PairMetrics.CalibrationError(rows.Labels, rows.Probabilities, ClickPredictions.Bins)) { Direction = MetricDirection.LowerIsBetter, IsDefault = false },
        new("accuracy", "Accuracy", "The share of rows whose likelier label (1 from 0.5 up) is the true one.", "mean [(p >= 0.5) = y]",
            rows => PairMetrics.Accuracy(rows.Labels, rows.Probabilities))
        { IsDefault = false, Inference = (of, own, other) => of.Mean(own, other, (label, probability) => PairMetrics.IsRight(label, probability) ? 1 : 0) },
        new("pr-auc", "PR-AUC", "The area under precision over recall, as average precision: a constant prediction gets the share of positives.",
            "sum over distinct p, descending, of (recall gained) * precision down to there",
            rows => PairMetrics.PrecisionRecallAuc(rows.Labels, rows.Probabilities)) { IsDefault = false },
    ];

    /// <summary>The metric that is above 1 where predicted probabilities are worse than a constant.</summary>
    public const string NormalizedEntropy = "normalized-entropy";

    /// <summary>A metric of labelled rows by its name, or null.</summary>
    public static RowMetric? Find(string name) => All.FirstOrDefault(metric => metric.Name == name);
}
