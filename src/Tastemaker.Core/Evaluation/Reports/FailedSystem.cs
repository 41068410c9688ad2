namespace Tastemaker.Evaluation.Reports;

/// <summary>A system that could not be trained or measured.</summary>
/// <param name="Name">Its name in the comparison.</param>
/// <param name="Reason">Why, in a sentence.</param>
public sealed record FailedSystem(string Name, string Reason);
