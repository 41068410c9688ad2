namespace Tastemaker.Tuning.Trials;

/// <summary>What training a trial up to a rung gave.</summary>
internal sealed record TrialResult
{
    /// <summary>The best validation metric so far; null where the trial failed.</summary>
    public double? Metric { get; init; }

    /// <summary>The epoch of it, from 0; null where the system measures only the end.</summary>
    public int? BestEpoch { get; init; }

    /// <summary>Epochs trained in all.</summary>
    public int Epochs { get; init; }

    /// <summary>Whether training is over: all epochs done, stopped early, or failed. Otherwise the trial rests on its checkpoint.</summary>
    public bool Ended { get; init; } = true;

    /// <summary>Why it failed; null where it did not.</summary>
    public string? Failure { get; init; }

    /// <summary>Seconds it took to come from the rung before to this one.</summary>
    public double Seconds { get; init; }
}
