using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Tastemaker.Data.Import;
using Tastemaker.Data.Import.Formats;

namespace Tastemaker.Data.Sources;

/// <summary>Brings data sets into a cache folder.</summary>
/// <param name="client">Downloads.</param>
/// <param name="root">The cache folder; a data set lies in the folder of its name in it.</param>
internal sealed partial class DatasetFetcher(HttpClient client, string root)
{
    private const int BufferLength = 1 << 16;

    public async Task<FetchedDataset> FetchAsync(PublicDataset set, IProgress<FetchProgress>? progress, CancellationToken cancellation)
    {
        var folder = Path.Combine(root, set.Name);
        if (IsComplete(set, folder))
        {
            return Found(set, folder, verified: false);
        }

        var file = set.Download is null ? null : Path.Combine(folder, Path.GetFileName(set.Download.LocalPath));
        if (file is null)
        {
            throw ByHand(set, folder);
        }

        try
        {
            Directory.CreateDirectory(folder);
            if (!File.Exists(file))
            {
                await DownloadAsync(set, file, progress, cancellation).ConfigureAwait(false);
            }

            progress?.Report(new FetchProgress("checking", new FileInfo(file).Length, null));
            var verified = await VerifyAsync(set, file, cancellation).ConfigureAwait(false);
            await UnpackAsync(file, folder, progress, cancellation).ConfigureAwait(false);
            return IsComplete(set, folder) ? Found(set, folder, verified) : throw new InputException(
                $"{set.Name} was unpacked into {folder}, but {string.Join(" and ", Missing(set, folder))} is not among its files. See {set.Page}.");
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException or UnauthorizedAccessException)
        {
            throw new InputException(
                $"{set.Name} cannot be fetched from {set.Download}: {failure.Message} " +
                $"Fetch the file by other means and put it at {file}, then run the same command again.", failure);
        }
    }

    private static InputException ByHand(PublicDataset set, string folder) => new(
        $"{set.Name} cannot be downloaded without a login or the consent to its licence ({set.Licence}). Get it at {set.Page} and put " +
        $"{string.Join(" and ", Missing(set, folder))} in place.{(set.Note is null ? "" : " " + set.Note)}");

    private static bool IsComplete(PublicDataset set, string folder) => !Missing(set, folder).Any();

    private static IEnumerable<string> Missing(PublicDataset set, string folder) => Needed(set)
        .Select(path => Path.Combine(folder, path))
        .Where(path => !Path.Exists(path));

    private static IEnumerable<string> Needed(PublicDataset set) =>
        set.Import.Paths.Concat(set.Import.FilesBeside.Select(file => file.Path));

    private static FetchedDataset Found(PublicDataset set, string folder, bool verified) => new(set, folder, set.Import.WithFilesBeside(path => Path.Combine(folder, path)) with
    {
        Name = set.Import.Name ?? set.Name,
        Paths = [.. set.Import.Paths.Select(path => Path.Combine(folder, path))],
    }, verified);

    private async Task DownloadAsync(PublicDataset set, string file, IProgress<FetchProgress>? progress, CancellationToken cancellation)
    {
        var part = $"{file}.{Guid.NewGuid():N}.part";
        try
        {
            using var response = await client.GetAsync(set.Download, HttpCompletionOption.ResponseHeadersRead, cancellation).ConfigureAwait(false);
            response.EnsureSuccessStatusCode();
            var total = response.Content.Headers.ContentLength;
            using (var target = File.Create(part))
            {
                var done = await CopyAsync(response, target, total, progress, cancellation).ConfigureAwait(false);
                if (total is not null && done != total)
                {
                    throw new IOException($"The connection ended after {done:N0} of {total:N0} bytes.");
                }
            }

            File.Move(part, file);
            Leftovers.Clear(file);
        }
        finally
        {
            File.Delete(part);
        }
    }

    private static async Task<long> CopyAsync(
        HttpResponseMessage response, FileStream target, long? total, IProgress<FetchProgress>? progress, CancellationToken cancellation)
    {
        using var source = await response.Content.ReadAsStreamAsync(cancellation).ConfigureAwait(false);
        var buffer = new byte[BufferLength];
        var done = 0L;
        while (await source.ReadAsync(buffer, cancellation).ConfigureAwait(false) is > 0 and var count)
        {
            await target.WriteAsync(buffer.AsMemory(0, count), cancellation).ConfigureAwait(false);
            done += count;
            progress?.Report(new FetchProgress("downloading", done, total));
        }

        return done;
    }

    /// <summary>Compares the MD5; a file that fails is removed, so that the next run fetches it again.</summary>
    private async Task<bool> VerifyAsync(PublicDataset set, string file, CancellationToken cancellation)
    {
        var expected = set.Md5 ?? await StatedMd5Async(set, cancellation).ConfigureAwait(false);
        if (expected is null)
        {
            return false;
        }

        string actual;
        using (var stream = File.OpenRead(file))
        {
            // MD5 is what the publishers state; it guards against damage, not against malice.
#pragma warning disable CA5351
            actual = Convert.ToHexStringLower(await MD5.HashDataAsync(stream, cancellation).ConfigureAwait(false));
#pragma warning restore CA5351
        }

        if (actual != expected)
        {
            File.Delete(file);
            throw new InputException($"{file} is damaged or another version: its MD5 is {actual}, not {expected}. It was removed; fetch {set.Name} again.");
        }

        return true;
    }

    private async Task<string?> StatedMd5Async(PublicDataset set, CancellationToken cancellation)
    {
        if (set.Md5Address is null)
        {
            return null;
        }

        try
        {
            var text = await client.GetStringAsync(set.Md5Address, cancellation).ConfigureAwait(false);
            return HexDigits().Match(text) is { Success: true } match ? match.Value.ToLowerInvariant() : null;
        }
        catch (HttpRequestException)
        {
            // The data itself is there; that it could not be checked is reported.
            return null;
        }
    }

    private static async Task UnpackAsync(string file, string folder, IProgress<FetchProgress>? progress, CancellationToken cancellation)
    {
        var zip = file.EndsWith(".zip", StringComparison.OrdinalIgnoreCase);
        if (!zip && !file.EndsWith(".tar.gz", StringComparison.OrdinalIgnoreCase))
        {
            return;
        }

        progress?.Report(new FetchProgress("unpacking", new FileInfo(file).Length, null));
        var part = Path.Combine(folder, $"{Guid.NewGuid():N}.part");
        try
        {
            Directory.CreateDirectory(part);
            await ExtractAsync(file, part, zip, cancellation).ConfigureAwait(false);
            foreach (var entry in Directory.GetFileSystemEntries(part))
            {
                Place(entry, Path.Combine(folder, Path.GetFileName(entry)));
            }

            File.Delete(file);
        }
        catch (InvalidDataException damage)
        {
            throw new InputException($"{file} is not the archive its name says, or is damaged: {damage.Message} Remove it and fetch it again.", damage);
        }
        finally
        {
            Directory.Delete(part, recursive: true);
        }
    }

    private static async Task ExtractAsync(string file, string part, bool zip, CancellationToken cancellation)
    {
        if (zip)
        {
            await ZipFile.ExtractToDirectoryAsync(file, part, cancellation).ConfigureAwait(false);
            return;
        }

        using var stream = File.OpenRead(file);
        using var unpacked = new GZipStream(stream, CompressionMode.Decompress);
        await TarFile.ExtractToDirectoryAsync(unpacked, part, overwriteFiles: false, cancellation).ConfigureAwait(false);
    }

    /// <summary>Moves a file or folder into place, over the remains of an earlier attempt.</summary>
    private static void Place(string from, string to)
    {
        if (Directory.Exists(to))
        {
            Directory.Delete(to, recursive: true);
        }

        if (Directory.Exists(from))
        {
            Directory.Move(from, to);
        }
        else
        {
            File.Move(from, to, overwrite: true);
        }
    }

    [GeneratedRegex(@"\b[0-9a-fA-F]{32}\b")]
    private static partial Regex HexDigits();
}

/// <summary>How far a fetch is.</summary>
/// <param name="Stage">"downloading", "checking" or "unpacking".</param>
/// <param name="Bytes">Bytes downloaded so far.</param>
/// <param name="TotalBytes">Bytes in all, where the server says so.</param>
public sealed record FetchProgress(string Stage, long Bytes, long? TotalBytes);

/// <summary>A public data set that lies on this machine.</summary>
/// <param name="Source">Which one.</param>
/// <param name="Folder">Its folder in the cache.</param>
/// <param name="Options">Options that import it from there.</param>
/// <param name="Verified">Whether a download was checked against an MD5; false also where nothing had to be downloaded.</param>
public sealed record FetchedDataset(PublicDataset Source, string Folder, DataOptions Options, bool Verified);
