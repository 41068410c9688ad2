namespace Tastemaker.Training;

/// <summary>How far a run is. Immutable; stored in checkpoints.</summary>
public sealed record RunState
{
    /// <summary>The finished epochs, first to last.</summary>
    public IReadOnlyList<EpochRecord> History { get; init; } = [];

    /// <summary>The best measured epoch, from 0.</summary>
    public int? BestEpoch { get; init; }

    /// <summary>Its validation metric.</summary>
    public double? BestMetric { get; init; }

    /// <summary>Validations since without improvement.</summary>
    public int Waited { get; init; }

    /// <summary>Number of finished epochs.</summary>
    public int Epochs => History.Count;

    /// <summary>The state after one more epoch.</summary>
    /// <exception cref="InputException">The epoch was validated, but not by the metric that chooses.</exception>
    public RunState With(EpochRecord epoch, string metric, EpochPlan plan)
    {
        if (epoch.Metrics.Count == 0 || !plan.KeepsBest || epoch.Epoch < plan.FirstMeasured)
        {
            return this with { History = [.. History, epoch] };
        }

        if (!epoch.Metrics.TryGetValue(metric.ToLowerInvariant(), out var value))
        {
            throw new InputException($"The metric '{metric}' is not measured here; choose one of {string.Join(", ", epoch.Metrics.Keys)}.");
        }

        return Validation.IsBetter(metric, value, BestMetric)
            ? new RunState { History = [.. History, epoch with { IsBest = true }], BestEpoch = epoch.Epoch, BestMetric = value }
            : this with { History = [.. History, epoch], Waited = Waited + 1 };
    }
}
