using Tastemaker.Data;
using Tastemaker.Tuning.Space;

namespace Tastemaker.Tuning.Samplers;

/// <summary>All combinations in order.</summary>
internal sealed class GridSampler : ISampler
{
    /// <inheritdoc/>
    public TrialPoint? Next(SearchSpace space, IReadOnlyList<Observation> seen, SeededRandom random) => Fresh.First(space, seen);
}
