namespace Tastemaker.Evaluation.Clicks;

/// <summary>Rows of neighboring predictions.</summary>
/// <param name="Count">Number of rows.</param>
/// <param name="Predicted">Their mean prediction.</param>
/// <param name="Observed">The share of them that is positive.</param>
public sealed record ReliabilityBin(int Count, double Predicted, double Observed);
