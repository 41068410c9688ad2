namespace Tastemaker.Evaluation.Reports;

/// <summary>One system of a report.</summary>
public sealed record SystemReport
{
    /// <summary>Its name, unique in the report.</summary>
    public required string Name { get; init; }

    /// <summary>What it scored.</summary>
    public required EvaluationResult Result { get; init; }

    /// <summary>Its training, an entry per epoch; empty for systems without epochs.</summary>
    public IReadOnlyList<EpochPoint> Curve { get; init; } = [];

    /// <summary>Lists it gave to a few requests.</summary>
    public IReadOnlyList<SampleList> Samples { get; init; } = [];

    /// <summary>Seconds that training took; null where unknown.</summary>
    public double? TrainingSeconds { get; init; }

    /// <summary>Bytes of the saved model; null where unknown.</summary>
    public long? ModelBytes { get; init; }

    /// <summary>What is to be known of its training and measurement, and of no other system's.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>Milliseconds that the evaluation took per request, or per labelled row where none was ranked: scoring, ranking and metrics. Null where unknown.</summary>
    public double? ScoringMilliseconds => Scored > 0 && Result.Seconds > 0 ? 1000 * Result.Seconds / Scored : null;

    /// <summary>What <see cref="ScoringMilliseconds"/> is a time of: "request" or "row".</summary>
    public string ScoredUnit => Result.Requests > 0 ? "request" : "row";

    private int Scored => Result.Requests > 0 ? Result.Requests : Result.Clicks?.Count ?? 0;
}

/// <summary>One epoch of a training curve.</summary>
/// <param name="Epoch">Its number, from 1.</param>
/// <param name="Loss">Mean training loss; null for systems without one.</param>
/// <param name="Metrics">Validation metrics by name; empty where the epoch was not validated.</param>
public sealed record EpochPoint(int Epoch, double? Loss, IReadOnlyDictionary<string, double> Metrics);

/// <summary>A system that could not be trained or measured.</summary>
/// <param name="Name">Its name in the comparison.</param>
/// <param name="Reason">Why, in a sentence.</param>
public sealed record FailedSystem(string Name, string Reason);
