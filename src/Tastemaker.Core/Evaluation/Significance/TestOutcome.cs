namespace Tastemaker.Evaluation.Significance;

/// <summary>The outcome of a two-sided test of "no difference".</summary>
/// <param name="Statistic">The test's statistic.</param>
/// <param name="PValue">The chance of a statistic at least as extreme if there is no difference; 1 where all pairs are equal.</param>
public readonly record struct TestOutcome(double Statistic, double PValue);
