using Tastemaker.Data;
using Tastemaker.Tuning.Space;

namespace Tastemaker.Tuning.Samplers;

/// <summary>Chooses settings to try. A function of what was seen and of the random stream, so that a resumed search goes on as if it had not stopped.</summary>
internal interface ISampler
{
    /// <summary>The next setting, one that was not tried; null where all were.</summary>
    TrialPoint? Next(SearchSpace space, IReadOnlyList<Observation> seen, SeededRandom random);
}
