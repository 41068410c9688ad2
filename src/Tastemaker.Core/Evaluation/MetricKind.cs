namespace Tastemaker.Evaluation;

/// <summary>What a metric is computed from, and so where it can be had.</summary>
public enum MetricKind
{
    /// <summary>The first K places of each request's list; a mean over requests, at any cut-offs.</summary>
    Ranking,

    /// <summary>All the lists together, at any cut-offs.</summary>
    Catalog,

    /// <summary>The order of all candidates of each request, or of all labelled rows; no cut-off.</summary>
    Order,

    /// <summary>Predicted against true values of the held-out pairs; no cut-off.</summary>
    Value,

    /// <summary>Labelled rows with predicted probabilities, as in click prediction; no cut-off.</summary>
    Pairs,
}
