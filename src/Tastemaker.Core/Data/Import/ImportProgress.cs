namespace Tastemaker.Data.Import;

/// <summary>How far an import is.</summary>
/// <param name="Stage">What is being done, such as "reading interactions".</param>
/// <param name="Rows">Rows read so far.</param>
/// <param name="Fraction">Estimated share that is done, 0 to 1; null where it cannot be told.</param>
public sealed record ImportProgress(string Stage, long Rows, double? Fraction);
