namespace Tastemaker.Configuration;

/// <summary>A figure to compare a result with.</summary>
/// <param name="Metric">Name with cut-off, e.g. "ndcg@10".</param>
/// <param name="Value">The figure.</param>
/// <param name="Source">Who reports it; "target" where it is a bar the result must reach.</param>
/// <param name="IsTarget">Whether a result that misses it is a failure.</param>
internal sealed record MetricReference(string Metric, double Value, string Source, bool IsTarget);
