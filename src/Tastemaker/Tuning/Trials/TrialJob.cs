namespace Tastemaker.Tuning.Trials;

/// <summary>Work on a trial: to train it up to a rung.</summary>
/// <param name="Trial">The trial.</param>
/// <param name="Rung">The rung, from 0.</param>
/// <param name="Until">Epochs of the rung; null to train to the end.</param>
internal sealed record TrialJob(Trial Trial, int Rung, int? Until);
