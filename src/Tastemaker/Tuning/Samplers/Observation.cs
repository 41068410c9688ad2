using Tastemaker.Tuning.Space;

namespace Tastemaker.Tuning.Samplers;

/// <summary>A setting that was tried.</summary>
/// <param name="Point">The setting.</param>
/// <param name="Loss">What is to be small; null where the trial failed or is still running, which counts as bad, so that parallel trials spread.</param>
internal sealed record Observation(TrialPoint Point, double? Loss);
