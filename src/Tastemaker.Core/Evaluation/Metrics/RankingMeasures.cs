using Tastemaker.Evaluation.Ranking;

namespace Tastemaker.Evaluation.Metrics;

/// <summary>The metrics of a list by the names of the <see cref="MetricCatalog"/>.</summary>
internal static class RankingMeasures
{
    /// <summary>The metric of a name without cut-off.</summary>
    public static RankingMeasure Of(string name, ListMetrics lists) => name switch
    {
        "recall" => (in ranked, k, _) => RankingMetrics.Recall(ranked, k),
        "recall-min" => (in ranked, k, _) => RankingMetrics.RecallMin(ranked, k),
        "precision" => (in ranked, k, _) => RankingMetrics.Precision(ranked, k),
        "hr" => (in ranked, k, _) => RankingMetrics.HitRate(ranked, k),
        "ndcg" => (in ranked, k, _) => RankingMetrics.Ndcg(ranked, k),
        "ndcg-graded" => (in ranked, k, _) => RankingMetrics.NdcgGraded(ranked, k),
        "map" => (in ranked, k, _) => RankingMetrics.AveragePrecision(ranked, k),
        "mrr" => (in ranked, k, _) => RankingMetrics.ReciprocalRank(ranked, k),
        "novelty" => (in _, _, listed) => lists.Novelty(listed),
        "arp" => (in _, _, listed) => lists.AveragePopularity(listed),
        "ild" => (in _, _, listed) => lists.Diversity(listed),
        _ => throw new ArgumentException($"No ranking metric '{name}'.", nameof(name)),
    };
}
