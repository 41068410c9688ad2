using System.Collections.ObjectModel;

namespace Tastemaker.Training;

/// <summary>What is remembered of a finished epoch.</summary>
/// <param name="Epoch">From 0.</param>
/// <param name="Loss">Mean loss, where the system has one.</param>
/// <param name="Metrics">Validation metrics; empty where the epoch was not validated.</param>
/// <param name="IsBest">Whether it was the best so far.</param>
/// <param name="Seconds">Time of training, without validation.</param>
/// <param name="SamplesPerSecond">Examples a second.</param>
/// <param name="MemoryBytes">Memory of the process at its end.</param>
internal sealed record EpochRecord(
    int Epoch, double? Loss, IReadOnlyDictionary<string, double> Metrics, bool IsBest, double Seconds, double SamplesPerSecond, long MemoryBytes)
{
    /// <summary>For epochs without validation.</summary>
    public static IReadOnlyDictionary<string, double> NoMetrics { get; } = ReadOnlyDictionary<string, double>.Empty;

    /// <summary>As observers see it.</summary>
    public TrainingEvent.EpochCompleted ToEvent() => new(Epoch, Loss, Metrics, IsBest, Seconds, SamplesPerSecond, MemoryBytes);
}
