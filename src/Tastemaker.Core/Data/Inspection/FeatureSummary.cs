namespace Tastemaker.Data.Inspection;

/// <summary>A feature column in short.</summary>
/// <param name="Of">"user", "item" or "interaction".</param>
/// <param name="Name">Its name.</param>
/// <param name="Kind">"categorical", "multi-categorical", "numeric" or "text".</param>
/// <param name="Categories">Number of categories; null for numbers and texts.</param>
/// <param name="Missing">Rows without a value.</param>
public sealed record FeatureSummary(string Of, string Name, string Kind, int? Categories, int Missing);
