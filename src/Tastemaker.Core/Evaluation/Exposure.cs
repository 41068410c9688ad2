namespace Tastemaker.Evaluation;

/// <summary>How recommendations fell on the catalog.</summary>
/// <param name="ListLength">Length of the lists counted: the largest cut-off.</param>
/// <param name="Counts">For each item, in how many lists it was.</param>
public sealed record Exposure(int ListLength, int[] Counts);
