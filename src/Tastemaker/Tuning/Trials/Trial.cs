using Tastemaker.Tuning.Space;

namespace Tastemaker.Tuning.Trials;

/// <summary>One setting and what came of it.</summary>
/// <param name="number">From 0.</param>
/// <param name="point">The setting.</param>
internal sealed class Trial(int number, TrialPoint point)
{
    private readonly List<TrialResult> results = [];

    /// <summary>From 0.</summary>
    public int Number { get; } = number;

    /// <summary>The setting.</summary>
    public TrialPoint Point { get; } = point;

    /// <summary>A result a rung, the lowest first; one without halving.</summary>
    public IReadOnlyList<TrialResult> Results => results;

    /// <summary>The latest result; null where there is none yet.</summary>
    public TrialResult? Last => results.Count > 0 ? results[^1] : null;

    /// <summary>Whether it failed.</summary>
    public bool Failed => Last is { Metric: null };

    /// <summary>Seconds of training and validation in all.</summary>
    public double Seconds => results.Sum(result => result.Seconds);

    /// <summary>The result of the next rung.</summary>
    public void Add(TrialResult result) => results.Add(result);
}

/// <summary>Work on a trial: to train it up to a rung.</summary>
/// <param name="Trial">The trial.</param>
/// <param name="Rung">The rung, from 0.</param>
/// <param name="Until">Epochs of the rung; null to train to the end.</param>
internal sealed record TrialJob(Trial Trial, int Rung, int? Until);

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
