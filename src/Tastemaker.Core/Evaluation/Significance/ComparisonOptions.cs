namespace Tastemaker.Evaluation.Significance;

/// <summary>How systems are compared.</summary>
public sealed record ComparisonOptions
{
    /// <summary>The system the others are compared with; null for the best on <see cref="MainMetric"/>.</summary>
    public string? Reference { get; init; }

    /// <summary>The metric that orders the table; null for "ndcg@10", or else NDCG at its first cut-off, or else the first metric.</summary>
    public string? MainMetric { get; init; }

    /// <summary>
    /// The metrics on which systems are tested, such as "ndcg@10"; null for those at the cut-off of <see cref="MainMetric"/> that are better
    /// one way. Every test makes the correction stricter for all, so ask for what the question needs.
    /// </summary>
    public IReadOnlyList<string>? TestedMetrics { get; init; }

    /// <summary>Bootstrap resamples. <value>10,000</value></summary>
    public int Resamples { get; init; } = 10_000;

    /// <summary>Confidence of the intervals; 1 - it is the significance level. <value>0.95</value></summary>
    public double Level { get; init; } = 0.95;

    /// <summary>Chooses the resamples. <value>42</value></summary>
    public ulong Seed { get; init; } = 42;
}
