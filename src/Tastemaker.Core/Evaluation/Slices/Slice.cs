namespace Tastemaker.Evaluation.Slices;

/// <summary>The figures of an evaluation by the values of one column.</summary>
/// <param name="Name">The column, as asked for.</param>
/// <param name="Groups">A group a value: the largest first, ranges of numbers ascending; then all smaller values together, and what has no value.</param>
public sealed record Slice(string Name, IReadOnlyList<SliceGroup> Groups);
