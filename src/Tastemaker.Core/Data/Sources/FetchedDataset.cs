using Tastemaker.Data.Import;

namespace Tastemaker.Data.Sources;

/// <summary>A public data set that lies on this machine.</summary>
/// <param name="Source">Which one.</param>
/// <param name="Folder">Its folder in the cache.</param>
/// <param name="Options">Options that import it from there.</param>
/// <param name="Verified">Whether a download was checked against an MD5; false also where nothing had to be downloaded.</param>
public sealed record FetchedDataset(PublicDataset Source, string Folder, DataOptions Options, bool Verified);
