namespace Tastemaker.Data.Sources;

/// <summary>How far a fetch is.</summary>
/// <param name="Stage">"downloading", "checking" or "unpacking".</param>
/// <param name="Bytes">Bytes downloaded so far.</param>
/// <param name="TotalBytes">Bytes in all, where the server says so.</param>
public sealed record FetchProgress(string Stage, long Bytes, long? TotalBytes);
