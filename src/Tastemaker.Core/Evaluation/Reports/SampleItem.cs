namespace Tastemaker.Evaluation.Reports;

/// <summary>One place of a sample list.</summary>
/// <param name="Title">What people call the item.</param>
/// <param name="IsTarget">Whether it was held out: a right answer.</param>
public sealed record SampleItem(string Title, bool IsTarget);
