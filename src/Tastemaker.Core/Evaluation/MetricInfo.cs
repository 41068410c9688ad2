namespace Tastemaker.Evaluation;

/// <summary>A metric: its name, direction and definition. What computes it stands with it, in the file of its kind.</summary>
public abstract class MetricInfo
{
    private protected MetricInfo(string name, string title, string description, string formula) =>
        (Name, Title, Description, Formula) = (name, title, description, formula);

    /// <summary>The name used in options and results, such as "ndcg".</summary>
    public string Name { get; }

    /// <summary>The name shown to people, such as "NDCG".</summary>
    public string Title { get; }

    /// <summary>One sentence.</summary>
    public string Description { get; }

    /// <summary>The definition, in plain text.</summary>
    public string Formula { get; }

    /// <summary>What it is computed from.</summary>
    public abstract MetricKind Kind { get; }

    /// <summary>Which way is better.</summary>
    public MetricDirection Direction { get; init; } = MetricDirection.HigherIsBetter;

    /// <summary>Whether it is measured when no metrics are named, on requests; on labelled rows all of <see cref="IsOfRows"/> are.</summary>
    public bool IsDefault { get; init; } = true;

    /// <summary>Whether it can be taken on labelled rows, from predicted probabilities.</summary>
    public bool IsOfRows => Kind is MetricKind.Order or MetricKind.Pairs;

    /// <summary>Whether it is taken at cut-offs, and so appears as "name@K".</summary>
    public bool HasCutoff => Kind is MetricKind.Ranking or MetricKind.Catalog;
}

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

    /// <summary>Held-out events in order of time, each observed after it was predicted; no cut-off.</summary>
    Event,

    /// <summary>Labelled rows with predicted probabilities, as in click prediction; no cut-off.</summary>
    Pairs,
}

/// <summary>Which way a metric improves.</summary>
public enum MetricDirection
{
    /// <summary>Larger is better.</summary>
    HigherIsBetter,

    /// <summary>Smaller is better.</summary>
    LowerIsBetter,

    /// <summary>A property of lists or predictions to know; larger is neither good nor bad by itself.</summary>
    Descriptive,
}

/// <summary>A metric at a cut-off; 0 where it has none.</summary>
internal sealed record MetricKey(MetricInfo Metric, int Cutoff)
{
    /// <summary>The name in results, such as "ndcg@10" or "rmse".</summary>
    public string Name { get; } = Cutoff > 0 ? $"{Metric.Name}@{Cutoff}" : Metric.Name;
}
