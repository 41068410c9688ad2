namespace Tastemaker.Serving.Events;

/// <summary>What was exported.</summary>
/// <param name="Count">How many interactions.</param>
/// <param name="Last">Number of the last of them.</param>
public sealed record StoreExport(long Count, long Last);
