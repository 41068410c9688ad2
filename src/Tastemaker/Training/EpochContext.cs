using Tastemaker.Data;
using Tastemaker.Options;

namespace Tastemaker.Training;

/// <summary>What a model is given to train one epoch.</summary>
/// <param name="Train">The training set.</param>
/// <param name="Epoch">The epoch, from 0.</param>
/// <param name="Options">Seed, threads, device.</param>
/// <param name="Step">To be called after each step with step number (from 1), steps in the epoch, the step's loss, and examples in the step.</param>
/// <param name="Cancellation">To be checked at least once a step.</param>
internal sealed record EpochContext(
    TrainingSet Train, int Epoch, TrainingOptions Options, Action<int, int, double, int> Step, CancellationToken Cancellation)
{
    /// <summary>
    /// A stream of random numbers for this epoch. All randomness of an epoch derives from the seed and the epoch's number, so a resumed run
    /// needs no generator state to continue as if it had not been interrupted.
    /// </summary>
    public SeededRandom Random(ulong stream = 0) => new(Options.Seed, (ulong)Epoch + 1, stream);
}
