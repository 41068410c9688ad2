using System.Globalization;
using Tastemaker.Evaluation.Metrics;
using Tastemaker.Naming;

namespace Tastemaker.Evaluation;

/// <summary>Every metric by name: the one place that options, help, documentation and reports read. A metric stands with its computation in the file of its kind.</summary>
/// <remarks>
/// In the formulas, T is the set of a request's targets, n = |T|, rel(k) = 1 if the k-th item of its list is in T, and
/// hits = rel(1) + ... + rel(K).
/// </remarks>
public static class MetricCatalog
{
    /// <summary>All metrics, in the order in which results list them.</summary>
    public static IReadOnlyList<MetricInfo> All { get; } =
        [.. RankingMetrics.All, .. CatalogMetrics.All, .. RowMetrics.All.OfType<OrderMetric>(), .. ValueMetrics.All, .. EventMetrics.All, .. RowMetrics.All.Where(metric => metric is not OrderMetric)];

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
}
