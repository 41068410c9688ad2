namespace Tastemaker.Data.Locations;

/// <summary>
/// Where a file of data lies: at its path, or at that path inside the folder that public data sets are kept in (see <see cref="DataRoot"/>), so
/// that recipes can name files without saying where a machine keeps them.
/// </summary>
public static class DataPath
{
    /// <summary>The path at which a file or folder is found; the path itself where it is found at neither place, or is no plain path.</summary>
    public static string Resolve(string path)
    {
        if (path.Length == 0 || Path.IsPathRooted(path) || Path.Exists(path) || path.StartsWith("sqlite:", StringComparison.Ordinal) || path.StartsWith("postgres:", StringComparison.Ordinal) || path.StartsWith("duckdb:", StringComparison.Ordinal))
        {
            return path;
        }

        var kept = Path.Combine(DataRoot.Resolve(), path);
        return Path.Exists(kept) ? kept : path;
    }
}
