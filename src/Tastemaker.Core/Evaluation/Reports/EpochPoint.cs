namespace Tastemaker.Evaluation.Reports;

/// <summary>One epoch of a training curve.</summary>
/// <param name="Epoch">Its number, from 1.</param>
/// <param name="Loss">Mean training loss; null for systems without one.</param>
/// <param name="Metrics">Validation metrics by name; empty where the epoch was not validated.</param>
public sealed record EpochPoint(int Epoch, double? Loss, IReadOnlyDictionary<string, double> Metrics);
