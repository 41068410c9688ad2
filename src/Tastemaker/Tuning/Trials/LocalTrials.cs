using Tastemaker.Data.Splits;
using Tastemaker.Training;

namespace Tastemaker.Tuning.Trials;

/// <summary>Trains trials in this process, one after the other: libtorch has one random generator and one number of threads a process.</summary>
/// <param name="plan">The search.</param>
/// <param name="split">Training and validation part.</param>
/// <param name="folder">The study's folder.</param>
/// <param name="observers">Watch the training of every trial.</param>
internal sealed class LocalTrials(TuningPlan plan, Split split, TuningFolder folder, IReadOnlyList<ITrainingObserver> observers) : ITrialRunner
{
    /// <inheritdoc/>
    public int Slots => 1;

    /// <inheritdoc/>
    public Task<TrialResult> Run(TrialJob job, CancellationToken cancellation) => Task.FromResult(
        TrialTraining.Run(plan.Configuration(job.Trial.Point), split, folder.Trial(job.Trial.Number), job.Until, observers, cancellation));

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
