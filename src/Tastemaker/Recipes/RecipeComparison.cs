using Tastemaker.Configuration;
using Tastemaker.Evaluation;

namespace Tastemaker.Recipes;

/// <summary>How the results of a recipe stand to each other.</summary>
internal static class RecipeComparison
{
    /// <summary>The metric that every row shows: the one that the recipe has most references for; without any, the one that chose the epochs where it is measured, else NDCG, else the first.</summary>
    public static string MainMetric(IReadOnlyList<(RecipeEntry Entry, RecipeResult Result)> results) => results
        .SelectMany(pair => pair.Entry.References).CountBy(reference => reference.Metric).OrderByDescending(count => count.Value).Select(count => count.Key)
        .FirstOrDefault(MainMetric(results[0].Entry, results[0].Result));

    /// <summary>The same for one entry.</summary>
    public static string MainMetric(RecipeEntry entry, RecipeResult result) =>
        result.Figure(entry.Configuration.Training.Metric) is not null ? entry.Configuration.Training.Metric : MetricCatalog.Main([.. result.Metrics.Keys]);

    /// <summary>The best of the family Baselines on the split of a result, itself left out; null where there is none.</summary>
    public static (string Label, double Value)? BestBaseline(IReadOnlyList<(RecipeEntry Entry, RecipeResult Result)> results, RecipeResult own, string metric)
    {
        (string Label, double Value)? best = null;
        foreach (var (entry, result) in results)
        {
            if (result != own && entry.Configuration.System.Family == "Baselines" && result.SplitFingerprint == own.SplitFingerprint
                && result.Figure(metric) is { } figure && (best is null || IsBetter(metric, figure.Mean, best.Value.Value)))
            {
                best = (entry.Label, figure.Mean);
            }
        }

        return best;
    }

    /// <summary>Whether a value of a metric is better than another.</summary>
    public static bool IsBetter(string metric, double value, double than) =>
        MetricCatalog.Find(metric)?.Direction == MetricDirection.LowerIsBetter ? value < than : value > than;
}
