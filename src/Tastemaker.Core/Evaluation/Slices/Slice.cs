namespace Tastemaker.Evaluation.Slices;

/// <summary>The figures of an evaluation by the values of one column.</summary>
/// <param name="Name">The column, as asked for.</param>
/// <param name="Groups">A group a value: the largest first, ranges of numbers ascending; then all smaller values together, and what has no value.</param>
public sealed record Slice(string Name, IReadOnlyList<SliceGroup> Groups);

/// <summary>The figures of the rows or requests that share a value.</summary>
/// <param name="Value">The value, a range of numbers, or in parentheses what else they share.</param>
/// <param name="Count">Number of labelled rows, or of requests measured.</param>
/// <param name="Metrics">Metrics by name; those undefined for the group are left out.</param>
public sealed record SliceGroup(string Value, int Count, IReadOnlyDictionary<string, double> Metrics);
