namespace Tastemaker.Evaluation;

/// <summary>One entry of the <see cref="MetricCatalog"/>.</summary>
/// <param name="Name">The name used in options and results, such as "ndcg".</param>
/// <param name="Title">The name shown to people, such as "NDCG".</param>
/// <param name="Kind">What it is computed from.</param>
/// <param name="Direction">Which way is better.</param>
/// <param name="Description">One sentence.</param>
/// <param name="Formula">The definition, in plain text.</param>
public sealed record MetricInfo(string Name, string Title, MetricKind Kind, MetricDirection Direction, string Description, string Formula)
{
    /// <summary>Whether it is measured when no metrics are named, on requests; on labelled rows all of <see cref="IsOfRows"/> are.</summary>
    public bool IsDefault { get; init; } = true;

    /// <summary>Whether it can be taken on labelled rows, from predicted probabilities.</summary>
    public bool IsOfRows => Kind is MetricKind.Order or MetricKind.Pairs;

    /// <summary>Whether it is taken at cut-offs, and so appears as "name@K".</summary>
    public bool HasCutoff => Kind is MetricKind.Ranking or MetricKind.Catalog;
}
