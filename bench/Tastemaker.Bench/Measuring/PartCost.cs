namespace Tastemaker.Bench.Measuring;

/// <summary>What one part of the work cost on one data set.</summary>
/// <param name="Part">Such as "import" or "EASE".</param>
/// <param name="Seconds">Time; of systems trained in epochs, of one.</param>
/// <param name="PeakBytes">The most memory the process held while it ran, the data set included.</param>
internal sealed record PartCost(string Part, double Seconds, long PeakBytes);
