namespace Tastemaker.Runs;

/// <summary>One point of a run's curves.</summary>
/// <param name="Epoch">The epoch, from 0.</param>
/// <param name="Loss">Mean training loss; null where the system has none.</param>
/// <param name="Metrics">Validation metrics; empty where the epoch was not validated.</param>
/// <param name="Seconds">Seconds the epoch took.</param>
internal sealed record EpochRecord(int Epoch, double? Loss, IReadOnlyDictionary<string, double> Metrics, double Seconds);
