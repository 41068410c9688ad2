namespace Tastemaker.Data.Import;

/// <summary>A data set with the report of its import.</summary>
/// <param name="Dataset">The data.</param>
/// <param name="Report">What was recognized, with warnings.</param>
public sealed record ImportResult(Dataset Dataset, ImportReport Report);
