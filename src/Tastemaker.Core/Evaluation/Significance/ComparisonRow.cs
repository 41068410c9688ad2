namespace Tastemaker.Evaluation.Significance;

/// <summary>One system of a comparison.</summary>
/// <param name="System">Its name.</param>
/// <param name="Cells">By metric.</param>
public sealed record ComparisonRow(string System, IReadOnlyDictionary<string, ComparisonCell> Cells);
