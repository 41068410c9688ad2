using Tastemaker.Evaluation.Clicks;
using Tastemaker.Evaluation.Slices;

namespace Tastemaker.Evaluation;

/// <summary>What a recommender scored on a hold-out.</summary>
public sealed record EvaluationResult
{
    /// <summary>What a system that learned from all data has instead of metrics.</summary>
    internal static EvaluationResult NotMeasured { get; } = new()
    {
        Metrics = new Dictionary<string, double>(),
        PerRequest = new Dictionary<string, float[]>(),
        Requests = 0,
        Protocol = "not measured: nothing is held out",
    };

    /// <summary>
    /// Means by metric name with cut-off, e.g. "ndcg@10", "rmse"; in the order asked for. Never NaN: a metric that is undefined for every
    /// request, or for the labelled rows, is left out and named in <see cref="Notes"/>.
    /// </summary>
    public required IReadOnlyDictionary<string, double> Metrics { get; init; }

    /// <summary>
    /// For each metric that is a mean over requests: its value for each request, in the hold-out's order (NaN where undefined for a request).
    /// Two results on one hold-out can be compared by a paired test.
    /// </summary>
    public required IReadOnlyDictionary<string, float[]> PerRequest { get; init; }

    /// <summary>How often each item was in a list; null where nothing was ranked.</summary>
    public Exposure? Exposure { get; init; }

    /// <summary>What was predicted for the labelled rows of the hold-out; null where no click metric was taken.</summary>
    public ClickPredictions? Clicks { get; init; }

    /// <summary>What was predicted for the held-out values; null where no value metric was taken, and in runs stored before it was kept.</summary>
    public ValuePredictions? Values { get; init; }

    /// <summary>
    /// The figures by the values of the columns asked for: of labelled rows where click metrics were taken, else the means over requests.
    /// </summary>
    public IReadOnlyList<Slice> Slices { get; init; } = [];

    /// <summary>Number of requests ranked and measured.</summary>
    public required int Requests { get; init; }

    /// <summary>"labelled rows", "full ranking", or a label of the sampled candidates, which makes the figures biased; both where both were measured.</summary>
    public required string Protocol { get; init; }

    /// <summary>Things to know when reading the figures.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>Seconds the evaluation took.</summary>
    public double Seconds { get; init; }
}

/// <summary>How recommendations fell on the catalog.</summary>
/// <param name="ListLength">Length of the lists counted: the largest cut-off.</param>
/// <param name="Counts">For each item, in how many lists it was.</param>
public sealed record Exposure(int ListLength, int[] Counts);
