using System.Collections.ObjectModel;
using Tastemaker.Data;
using Tastemaker.Options;

namespace Tastemaker.Training;

/// <summary>The epochs of a model, known before it is trained.</summary>
/// <param name="Epochs">Maximum number of epochs.</param>
/// <param name="FirstMeasured">The first epoch (from 0) after which early stopping and the choice of the best epoch may apply; later than 0 after pre-training stages.</param>
/// <param name="KeepsBest">Whether the weights of the best validated epoch are worth keeping apart; false for solvers that only improve.</param>
public sealed record EpochPlan(int Epochs, int FirstMeasured = 0, bool KeepsBest = true)
{
    /// <summary>One pass: closed forms, neighborhoods, counts.</summary>
    public static EpochPlan Once { get; } = new(1, KeepsBest: false);
}

/// <summary>What a model is given to train one epoch.</summary>
/// <param name="Train">The training set.</param>
/// <param name="Epoch">The epoch, from 0.</param>
/// <param name="Options">Seed, threads, device.</param>
/// <param name="Step">To be called after each step with step number (from 1), steps in the epoch, the step's loss, and examples in the step.</param>
/// <param name="Cancellation">To be checked at least once a step.</param>
public sealed record EpochContext(
    TrainingSet Train, int Epoch, TrainingOptions Options, Action<int, int, double, int> Step, CancellationToken Cancellation)
{
    /// <summary>
    /// A stream of random numbers for this epoch. All randomness of an epoch derives from the seed and the epoch's number, so a resumed run
    /// needs no generator state to continue as if it had not been interrupted.
    /// </summary>
    public SeededRandom Random(ulong stream = 0) => new(Options.Seed, (ulong)Epoch + 1, stream);
}

/// <summary>What is remembered of a finished epoch.</summary>
/// <param name="Epoch">From 0.</param>
/// <param name="Loss">Mean loss, where the system has one.</param>
/// <param name="Metrics">Validation metrics; empty where the epoch was not validated.</param>
/// <param name="IsBest">Whether it was the best so far.</param>
/// <param name="Seconds">Time of training, without validation.</param>
/// <param name="SamplesPerSecond">Examples a second.</param>
/// <param name="MemoryBytes">Memory of the process at its end.</param>
public sealed record EpochRecord(
    int Epoch, double? Loss, IReadOnlyDictionary<string, double> Metrics, bool IsBest, double Seconds, double SamplesPerSecond, long MemoryBytes)
{
    /// <summary>For epochs without validation.</summary>
    public static IReadOnlyDictionary<string, double> NoMetrics { get; } = ReadOnlyDictionary<string, double>.Empty;

    /// <summary>As observers see it.</summary>
    public TrainingEvent.EpochCompleted ToEvent() => new(Epoch, Loss, Metrics, IsBest, Seconds, SamplesPerSecond, MemoryBytes);
}
