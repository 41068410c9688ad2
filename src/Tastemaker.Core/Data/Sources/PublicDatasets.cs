using Tastemaker.Data.Locations;
using Tastemaker.Data.Import;

namespace Tastemaker.Data.Sources;

/// <summary>The public data sets the library knows by name.</summary>
public static class PublicDatasets
{
    /// <summary>All of them, by name.</summary>
    public static IReadOnlyList<PublicDataset> All { get; } =
        [.. MovieLensSets.All.Concat(AmazonSets.All).Concat(SessionSets.All).Concat(MiscellaneousDatasets.All).OrderBy(set => set.Name, StringComparer.Ordinal)];

    /// <summary>The data set of a name; case is ignored.</summary>
    /// <exception cref="InputException">There is none; names the nearest.</exception>
    public static PublicDataset Find(string name) =>
        All.FirstOrDefault(set => string.Equals(set.Name, name, StringComparison.OrdinalIgnoreCase))
        ?? throw new InputException($"There is no public data set '{name}'.{Naming.NearestName.DidYouMean(name, All.Select(set => set.Name))} `taste data fetch` lists all.");

    /// <summary>
    /// Makes sure that a data set lies in the cache: what is there is used; an archive that the user put there is unpacked; otherwise it is
    /// downloaded, checked and unpacked. Nothing is left half-written.
    /// </summary>
    /// <param name="name">Its name.</param>
    /// <param name="root">The cache folder; null for the default of <see cref="DataRoot"/>.</param>
    /// <param name="progress">Receives bytes so far.</param>
    /// <param name="cancellation">Stops the download.</param>
    /// <exception cref="InputException">The name is unknown; the set needs a login; or it cannot be downloaded: says what to put where.</exception>
    public static async Task<FetchedDataset> FetchAsync(
        string name, string? root = null, IProgress<FetchProgress>? progress = null, CancellationToken cancellation = default)
    {
        using var client = new HttpClient { Timeout = Timeout.InfiniteTimeSpan };
        return await new DatasetFetcher(client, DataRoot.Resolve(root)).FetchAsync(Find(name), progress, cancellation).ConfigureAwait(false);
    }
}
