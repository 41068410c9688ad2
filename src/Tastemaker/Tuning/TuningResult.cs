using Tastemaker.Evaluation.Significance;
using Tastemaker.Options;

namespace Tastemaker.Tuning;

/// <summary>What a search found.</summary>
public sealed record TuningResult
{
    /// <summary>The best setting.</summary>
    public required ModelOptions Options { get; init; }

    /// <summary>Its best metric on the validation part.</summary>
    public required double ValidationMetric { get; init; }

    /// <summary>Number of settings tried.</summary>
    public required int Trials { get; init; }

    /// <summary>"tuned" against "default" on the test part, with the significance of the difference; null where no setting was better than the default.</summary>
    public required ComparisonTable? Comparison { get; init; }
}
