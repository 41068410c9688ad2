namespace Tastemaker.Cli.Output;

/// <summary>Paths by which files are told apart: absolute, with links followed.</summary>
internal static class RealPath
{
    private static readonly StringComparison Comparison = OperatingSystem.IsLinux() ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase;

    /// <summary>The path that a name leads to, whether or not something is there.</summary>
    public static string Of(string path)
    {
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        if (Path.GetDirectoryName(full) is not { } parent)
        {
            return full;
        }

        var here = Path.Combine(Of(parent), Path.GetFileName(full));
        try
        {
            FileSystemInfo entry = Directory.Exists(here) ? new DirectoryInfo(here) : new FileInfo(here);
            return Known(entry.LinkTarget is not null && entry.ResolveLinkTarget(returnFinalTarget: true) is { } target ? Path.TrimEndingDirectorySeparator(target.FullName) : here);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return Known(here); // links that lead in a circle
        }
    }

    /// <summary>Whether a path is a folder or lies in it; both as <see cref="Of"/> gives them.</summary>
    public static bool IsIn(string path, string folder) => path.Equals(folder, Comparison) || path.StartsWith(Path.EndsInDirectorySeparator(folder) ? folder : folder + Path.DirectorySeparatorChar, Comparison);

    // Where case says nothing, one spelling stands for all.
    private static string Known(string path) => OperatingSystem.IsLinux() ? path : path.ToUpperInvariant();
}
