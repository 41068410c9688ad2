using Tastemaker.Data;
using Tastemaker.Tuning.Space;

namespace Tastemaker.Tuning.Samplers;

/// <summary>Every setting alike.</summary>
internal sealed class RandomSampler : ISampler
{
    /// <inheritdoc/>
    public TrialPoint? Next(SearchSpace space, IReadOnlyList<Observation> seen, SeededRandom random) => Fresh.Of(() => space.Draw(random), space, seen);
}
