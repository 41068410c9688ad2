namespace Tastemaker.Configuration;

/// <summary>What a value to compare with is.</summary>
internal enum ReferenceKind
{
    /// <summary>Somebody else has published it.</summary>
    Published,

    /// <summary>An independent program computed it on the same split.</summary>
    Independent,

    /// <summary>A goal of ours, that a result must reach.</summary>
    Goal,
}

/// <summary>A value to compare a result with.</summary>
/// <param name="Metric">Name with cut-off, e.g. "ndcg@10".</param>
/// <param name="Value">The value.</param>
/// <param name="Source">Who reports it.</param>
/// <param name="Kind">What it is.</param>
internal sealed record MetricReference(string Metric, double Value, string Source, ReferenceKind Kind);
