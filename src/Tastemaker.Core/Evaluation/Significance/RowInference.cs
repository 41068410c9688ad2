using Tastemaker.Evaluation.Clicks;
using Tastemaker.Evaluation.Metrics;

namespace Tastemaker.Evaluation.Significance;

/// <summary>
/// Standard errors of click metrics, and of their differences between two systems on the same rows. The rows of one user are not independent,
/// so users are the units; rows are where there is one user only. Nothing is resampled: a million rows cost one sort.
/// </summary>
internal sealed class RowInference
{
    private readonly Dictionary<ClickPredictions, double[]> placements = new(ReferenceEqualityComparer.Instance);
    private RowGroups? rows;

    /// <summary>Estimates a metric, or how much larger it is than another system's; null where there is too little to say how exact it is.</summary>
    /// <param name="inference">Keeps what estimates of several metrics share.</param>
    /// <param name="own">A system's predictions.</param>
    /// <param name="other">Another's for the same rows, or null.</param>
    public delegate RowEstimate? Estimator(RowInference inference, ClickPredictions own, ClickPredictions? other);

    /// <summary>Metrics that have standard errors.</summary>
    public static IReadOnlyList<string> Metrics { get; } = [.. RowMetrics.All.Where(metric => metric.Inference is not null).Select(metric => metric.Name)];

    /// <summary>Estimates a metric, or how much larger it is than another system's; null where it has no standard error or there is too little to say how exact it is.</summary>
    public RowEstimate? Estimate(string metric, ClickPredictions own, ClickPredictions? other = null) => RowMetrics.Find(metric)?.Inference?.Invoke(this, own, other);

    /// <summary>The area under the curve (DeLong et al. 1988, users as clusters: Obuchowski 1997).</summary>
    public RowEstimate? Auc(ClickPredictions own, ClickPredictions? other)
    {
        var differences = Less(Placements(own), other is null ? null : Placements(other));
        var value = PairMetrics.Auc(own.Labels, own.Probabilities) - (other is null ? 0 : PairMetrics.Auc(other.Labels, other.Probabilities));
        var byUser = DeLong.Variance(differences, own.Labels, own.ByUser);
        var (variance, clusters) = double.IsNaN(byUser) ? (DeLong.Variance(differences, own.Labels, Rows(own.Count)), own.Count) : (byUser, own.ByUser.Count);
        return double.IsNaN(variance) ? null : new RowEstimate(value, Math.Sqrt(variance), clusters);
    }

    /// <summary>The area under the curve of each user, weighted by its rows.</summary>
    public static RowEstimate? GroupAuc(ClickPredictions own, ClickPredictions? other)
    {
        var groups = own.ByUser;
        var aucs = Less(Aucs(own), other is null ? null : Aucs(other));
        double weights = 0, mean = 0;
        var users = 0;
        for (var user = 0; user < aucs.Length; user++)
        {
            if (!double.IsNaN(aucs[user]))
            {
                users++;
                weights += groups[user].Length;
                mean += groups[user].Length * aucs[user];
            }
        }

        mean /= weights;
        var squares = 0.0;
        for (var user = 0; user < aucs.Length; user++)
        {
            var part = double.IsNaN(aucs[user]) ? 0 : groups[user].Length * (aucs[user] - mean) / weights;
            squares += part * part;
        }

        return users < 2 ? null : new RowEstimate(mean, Math.Sqrt(squares * users / (users - 1)), users);
    }

    /// <summary>The mean over rows of a figure of (label, probability).</summary>
    public RowEstimate? Mean(ClickPredictions own, ClickPredictions? other, Func<bool, float, double> figure)
    {
        var figures = Less(Figures(own, figure), other is null ? null : Figures(other, figure));
        return ClusteredMean.Of(figures, own.ByUser.Count > 1 ? own.ByUser : Rows(own.Count));
    }

    private double[] Placements(ClickPredictions of) =>
        placements.TryGetValue(of, out var known) ? known : placements[of] = DeLong.Placements(of.Labels, of.Probabilities);

    private RowGroups Rows(int count) => rows?.Count == count ? rows : rows = RowGroups.Single(count);

    private static double[] Aucs(ClickPredictions of) => PairMetrics.GroupAucs(of.ByUser, of.Labels, of.Probabilities);

    private static double[] Figures(ClickPredictions of, Func<bool, float, double> figure)
    {
        var figures = new double[of.Count];
        for (var row = 0; row < figures.Length; row++)
        {
            figures[row] = figure(of.Labels[row], of.Probabilities[row]);
        }

        return figures;
    }

    private static double[] Less(double[] own, double[]? other)
    {
        if (other is null)
        {
            return own;
        }

        var differences = new double[own.Length];
        for (var place = 0; place < own.Length; place++)
        {
            differences[place] = own[place] - other[place];
        }

        return differences;
    }
}
