namespace Tastemaker.Data.Sources;

/// <summary>The folder that public data sets are kept in.</summary>
public static class DataRoot
{
    /// <summary>The environment variable that names it.</summary>
    public const string Variable = "TASTEMAKER_DATA";

    /// <summary>The folder asked for, else the one <see cref="Variable"/> names, else "tastemaker/data" in the user's local application data.</summary>
    public static string Resolve(string? asked = null)
    {
        if (!string.IsNullOrWhiteSpace(asked))
        {
            return Path.GetFullPath(asked);
        }

        return Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named
            ? Path.GetFullPath(named)
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify), "tastemaker", "data");
    }
}
