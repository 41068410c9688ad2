using System.Globalization;
using Tastemaker.Naming;

namespace Tastemaker.Evaluation;

/// <summary>Every metric by name: the one place that options, help, documentation and reports read.</summary>
/// <remarks>
/// In the formulas, T is the set of a request's targets, n = |T|, rel(k) = 1 if the k-th item of its list is in T, and
/// hits = rel(1) + ... + rel(K).
/// </remarks>
public static class MetricCatalog
{
    /// <summary>All metrics, in the order in which results list them.</summary>
    public static IReadOnlyList<MetricInfo> All { get; } =
    [
        Ranking("recall", "Recall", "The share of the targets that are in the list.", "hits / n"),
        Ranking("recall-min", "Recall (min)", "Recall as in the Multi-VAE, EASE and iALS papers: 1 is always attainable.", "hits / min(K, n)"),
        Ranking("precision", "Precision", "The share of the list that are targets; K counts even where the list is shorter.", "hits / K"),
        Ranking("hr", "Hit rate", "Whether any target is in the list.", "1 if hits > 0 else 0"),
        Ranking("ndcg", "NDCG", "Targets count less the lower they stand, relative to the best possible list.",
            "sum_{k<=K} rel(k) / log2(k+1) / sum_{k<=min(K,n)} 1 / log2(k+1)"),
        Ranking("ndcg-graded", "NDCG (graded)", "NDCG with gain 2^r - 1 for a target of value r.",
            "sum_{k<=K} (2^r(k) - 1) / log2(k+1) / the same sum with the targets in descending r") with { IsDefault = false },
        Ranking("map", "MAP", "The mean precision at the places of the hits.", "sum_{k<=K} rel(k) Precision@k / min(K, n)"),
        Ranking("mrr", "MRR", "The reciprocal rank of the first target, 0 if it is not in the list.", "1 / min{k : rel(k) = 1} if that is <= K else 0"),
        Describing(MetricKind.Ranking, "novelty", "Novelty", "How rare the recommended items are, in bits; items never trained on count once.",
            "mean over the list of -log2(training interactions of the item / all training interactions)"),
        Describing(MetricKind.Ranking, "arp", "Average popularity", "How often the recommended items occur in training.",
            "mean over the list of the item's training interactions"),
        Describing(MetricKind.Ranking, "ild", "Intra-list diversity", "How unlike the items of a list are, by the training users they share.",
            "1 - mean over pairs a, b of the list of |U_a and U_b| / sqrt(|U_a| |U_b|)") with { IsDefault = false },
        Describing(MetricKind.Catalog, "coverage", "Coverage", "The share of the catalog that is in at least one list.", "|union of lists| / |catalog|"),
        Describing(MetricKind.Catalog, "gini", "Gini", "How unequally recommendations fall on the catalog: 0 equal, near 1 concentrated.",
            "sum_i (2i - I - 1) c_(i) / (I sum c), c_(1) <= ... <= c_(I) the times each item is listed"),
        Describing(MetricKind.Catalog, "entropy", "Entropy", "How evenly recommendations fall on the catalog, in nats.", "-sum_i p_i ln p_i, p_i = c_i / sum c"),
        new("auc", "AUC", MetricKind.Order, MetricDirection.HigherIsBetter,
            "The chance that a target stands above another candidate, equal scores counting half: the mean over requests; on labelled rows, that a positive row is predicted above a negative one, over all rows.",
            "(sum over targets of the ascending midrank - n (n+1) / 2) / (n (candidates - n))") { IsDefault = false },
        new("gauc", "GAUC", MetricKind.Order, MetricDirection.HigherIsBetter,
            "The AUC of each request, weighted by its number of candidates; on labelled rows, of each user with rows of both labels, weighted by its rows (impressions).",
            "sum_u w_u AUC_u / sum_u w_u, w_u = |candidates or rows of u|") { IsDefault = false },
        new("rmse", "RMSE", MetricKind.Value, MetricDirection.LowerIsBetter,
            "The root of the mean squared error over all held-out values, predictions clipped to the scale.", "sqrt(mean (r - p)^2)"),
        new("mae", "MAE", MetricKind.Value, MetricDirection.LowerIsBetter,
            "The mean absolute error over all held-out values, predictions clipped to the scale.", "mean |r - p|"),
        new("mae-rounded", "MAE (rounded)", MetricKind.Value, MetricDirection.LowerIsBetter,
            "The mean absolute error of whole numbers, as papers of Boltzmann machines report it: lower than MAE by some hundredths on stars, and not comparable with it.",
            "mean |[r] - [p]|, [x] = x rounded to the nearest whole number, halves away from 0") { IsDefault = false },
        Clicks("logloss", "Log loss", MetricDirection.LowerIsBetter,
            "The mean negative log-likelihood of 0/1 labels, probabilities held within [1e-7, 1 - 1e-7].", "-mean (y ln p + (1-y) ln(1-p))"),
        Clicks("normalized-entropy", "Normalized entropy", MetricDirection.LowerIsBetter,
            "Log loss relative to that of always predicting the share of positives: 1 where nothing was learned.", "logloss / -(q ln q + (1-q) ln(1-q)), q = mean y"),
        Clicks("calibration", "Calibration", MetricDirection.Descriptive,
            "Expected over observed positives: 1 is best, above it probabilities are too high on the whole, below it too low.", "sum p / sum y"),
        Clicks("ece", "Calibration error", MetricDirection.LowerIsBetter,
            "The expected calibration error over 20 bins of equal count in order of prediction, equal predictions in one bin.",
            "sum_b |b| / N * |mean p in b - mean y in b|"),
        Clicks("accuracy", "Accuracy", MetricDirection.HigherIsBetter, "The share of rows whose likelier label (1 from 0.5 up) is the true one.", "mean [(p >= 0.5) = y]"),
        Clicks("pr-auc", "PR-AUC", MetricDirection.HigherIsBetter,
            "The area under precision over recall, as average precision: a constant prediction gets the share of positives.",
            "sum over distinct p, descending, of (recall gained) * precision down to there"),
    ];

    /// <summary>The metrics of labelled rows, taken there when none are named.</summary>
    internal static IReadOnlyList<MetricKey> OfRows { get; } = [.. All.Where(metric => metric.IsOfRows).Select(metric => new MetricKey(metric, 0))];

    /// <summary>The metric of a name with or without cut-off ("ndcg", "ndcg@10"), or null.</summary>
    public static MetricInfo? Find(string name)
    {
        var end = name.IndexOf('@', StringComparison.Ordinal);
        var bare = end < 0 ? name : name[..end];
        return All.FirstOrDefault(metric => metric.Name.Equals(bare, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>The metric that orders a table where none is named: "ndcg@10", or else NDCG at its first cut-off, or else the first.</summary>
    /// <param name="names">Of results; at least one.</param>
    internal static string Main(IReadOnlyList<string> names) =>
        names.Where(metric => metric.StartsWith("ndcg@", StringComparison.Ordinal)).OrderBy(metric => metric != "ndcg@10").FirstOrDefault() ?? names[0];

    /// <summary>The cut-off of a metric of results, such as "10" of "ndcg@10"; empty where it has none.</summary>
    internal static string CutoffOf(string name) => name.IndexOf('@', StringComparison.Ordinal) is >= 0 and var at ? name[(at + 1)..] : "";

    /// <summary>The metrics of a configuration, in the order of the results; every problem at once.</summary>
    /// <param name="names">Names without cut-off (taken at all <paramref name="cutoffs"/>) or with one ("ndcg@10"); empty for the default set.</param>
    /// <param name="cutoffs">List lengths.</param>
    internal static IReadOnlyList<MetricKey> Resolve(IReadOnlyList<string> names, IReadOnlyList<int> cutoffs)
    {
        var problems = new List<string>();
        problems.AddRange(cutoffs.Where(cutoff => cutoff < 1).Select(cutoff => $"The cut-off {cutoff} is not positive; a list holds 1 item or more."));
        var keys = new List<MetricKey>();
        foreach (var name in names.Count > 0 ? names : [.. All.Where(metric => metric.IsDefault).Select(metric => metric.Name)])
        {
            keys.AddRange(Keys(name, cutoffs, problems));
        }

        return problems.Count == 0 ? [.. keys.Distinct()] : throw new InputException(problems);
    }

    private static IEnumerable<MetricKey> Keys(string name, IReadOnlyList<int> cutoffs, List<string> problems)
    {
        if (Find(name) is not { } metric)
        {
            problems.Add(Unknown(name));
            return [];
        }

        var at = name.IndexOf('@', StringComparison.Ordinal);
        if (at < 0)
        {
            return metric.HasCutoff ? cutoffs.Select(cutoff => new MetricKey(metric, cutoff)) : [new MetricKey(metric, 0)];
        }

        if (metric.HasCutoff && int.TryParse(name.AsSpan(at + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var cutoff) && cutoff > 0)
        {
            return [new MetricKey(metric, cutoff)];
        }

        problems.Add(metric.HasCutoff
            ? $"The metric '{name}' has no usable cut-off; write a positive whole number after the @, as in '{metric.Name}@10'."
            : $"The metric '{metric.Name}' has no cut-off; write '{metric.Name}'.");
        return [];
    }

    private static string Unknown(string name)
    {
        var names = All.Select(metric => metric.Name).ToArray();
        return $"Unknown metric '{name}'.{NearestName.DidYouMean(name.Split('@')[0], names)} Known: {string.Join(", ", names)}.";
    }

    private static MetricInfo Ranking(string name, string title, string description, string formula) =>
        new(name, title, MetricKind.Ranking, MetricDirection.HigherIsBetter, description, formula);

    private static MetricInfo Clicks(string name, string title, MetricDirection direction, string description, string formula) =>
        new(name, title, MetricKind.Pairs, direction, description, formula) { IsDefault = false };

    private static MetricInfo Describing(MetricKind kind, string name, string title, string description, string formula) =>
        new(name, title, kind, MetricDirection.Descriptive, description, formula);
}
