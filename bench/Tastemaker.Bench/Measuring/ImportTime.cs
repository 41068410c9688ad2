namespace Tastemaker.Bench.Measuring;

/// <summary>What reading a file took.</summary>
/// <param name="Rows">Rows read.</param>
/// <param name="Seconds">The median over rounds.</param>
/// <param name="PeakBytes">The most memory the process held, the largest of the rounds.</param>
/// <param name="Stages">Parts in the order they are done, medians over rounds; empty where the read has none.</param>
internal sealed record ImportTime(long Rows, double Seconds, long PeakBytes, IReadOnlyList<(string Stage, double Seconds)> Stages);
