namespace Tastemaker.Evaluation;

/// <summary>A metric at a cut-off; 0 where it has none.</summary>
internal sealed record MetricKey(MetricInfo Metric, int Cutoff)
{
    /// <summary>The name in results, such as "ndcg@10" or "rmse".</summary>
    public string Name { get; } = Cutoff > 0 ? $"{Metric.Name}@{Cutoff}" : Metric.Name;
}
