using System.Text.RegularExpressions;

namespace Tastemaker;

/// <summary>
/// What processes that were killed while they wrote a file or a folder left beside it: <c>NAME.ID.tmp</c>, with 32 hexadecimal digits for ID. Writers that make such names call this when they are done.
/// </summary>
internal static partial class Leftovers
{
    // Whatever is being written changes more often.
    private static readonly TimeSpan LeastAge = TimeSpan.FromHours(1);

    /// <summary>Deletes what was left beside a file or folder that is now complete. What changed within the last hour may belong to a process that is still writing, and stays; so does what cannot be deleted.</summary>
    /// <param name="path">The file or folder.</param>
    public static void Clear(string path)
    {
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        var name = Path.GetFileName(full);
        var before = TimeProvider.System.GetUtcNow().UtcDateTime - LeastAge;
        try
        {
            foreach (var entry in new DirectoryInfo(Path.GetDirectoryName(full)!).EnumerateFileSystemInfos($"{name}.*"))
            {
                if (entry.Name.StartsWith(name, StringComparison.Ordinal) && Ending().IsMatch(entry.Name.AsSpan(name.Length)) && Changed(entry) < before)
                {
                    Delete(entry);
                }
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // Another process may be clearing too; the next write tries again.
        }
    }

    private static DateTime Changed(FileSystemInfo entry) => entry is DirectoryInfo folder
        ? folder.EnumerateFileSystemInfos("*", SearchOption.AllDirectories).Select(inner => inner.LastWriteTimeUtc).Append(folder.LastWriteTimeUtc).Max()
        : entry.LastWriteTimeUtc;

    private static void Delete(FileSystemInfo entry)
    {
        if (entry is DirectoryInfo folder)
        {
            folder.Delete(recursive: true);
        }
        else
        {
            entry.Delete();
        }
    }

    [GeneratedRegex(@"^\.[0-9a-f]{32}\.(tmp|old|part|onnx)$")]
    private static partial Regex Ending();
}
