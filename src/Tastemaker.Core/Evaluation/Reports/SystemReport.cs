namespace Tastemaker.Evaluation.Reports;

/// <summary>One system of a report.</summary>
public sealed record SystemReport
{
    /// <summary>Its name, unique in the report.</summary>
    public required string Name { get; init; }

    /// <summary>What it scored.</summary>
    public required EvaluationResult Result { get; init; }

    /// <summary>Its training, an entry an epoch; empty for systems without epochs.</summary>
    public IReadOnlyList<EpochPoint> Curve { get; init; } = [];

    /// <summary>Lists it gave to a few requests.</summary>
    public IReadOnlyList<SampleList> Samples { get; init; } = [];

    /// <summary>Seconds that training took; null where unknown.</summary>
    public double? TrainingSeconds { get; init; }
}
