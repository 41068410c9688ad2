using Tastemaker.Data;
using Tastemaker.Tuning.Space;

namespace Tastemaker.Tuning.Samplers;

/// <summary>Chooses settings to try. A function of what was seen and of the random stream, so that a resumed search goes on as if it had not stopped.</summary>
internal interface ISampler
{
    /// <summary>The next setting, one that was not tried; null where all were.</summary>
    TrialPoint? Next(SearchSpace space, IReadOnlyList<Observation> seen, SeededRandom random);
}

/// <summary>A setting that was tried.</summary>
/// <param name="Point">The setting.</param>
/// <param name="Loss">What is to be small; null where the trial failed or is still running, which counts as bad, so that parallel trials spread.</param>
internal sealed record Observation(TrialPoint Point, double? Loss);

/// <summary>All combinations in order.</summary>
internal sealed class GridSampler : ISampler
{
    /// <inheritdoc/>
    public TrialPoint? Next(SearchSpace space, IReadOnlyList<Observation> seen, SeededRandom random) => UntriedSettings.First(space, seen);
}

/// <summary>Every setting alike.</summary>
internal sealed class RandomSampler : ISampler
{
    /// <inheritdoc/>
    public TrialPoint? Next(SearchSpace space, IReadOnlyList<Observation> seen, SeededRandom random) => UntriedSettings.Of(() => space.Draw(random), space, seen);
}
