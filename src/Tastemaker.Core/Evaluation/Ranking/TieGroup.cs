namespace Tastemaker.Evaluation.Ranking;

/// <summary>
/// Neighboring places of a ranked list that hold targets: places <c>Above + 1 .. Above + Size</c>, in any order alike, hold
/// <paramref name="Targets"/> targets. A target whose place is certain is a group of size 1.
/// </summary>
/// <param name="Above">Number of candidates ranked before the group.</param>
/// <param name="Size">Number of places.</param>
/// <param name="Targets">Number of targets among them, at least 1.</param>
/// <param name="Gain">Sum of the targets' gains, for graded metrics.</param>
internal readonly record struct TieGroup(int Above, int Size, int Targets, double Gain);
