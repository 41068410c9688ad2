namespace Tastemaker.Evaluation.Reports;

/// <summary>One line of the report's facts.</summary>
/// <param name="Name">Such as "Split".</param>
/// <param name="Value">Such as "leave-one-out(by=time) seed 42".</param>
public sealed record ReportFact(string Name, string Value);
