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
