namespace Tastemaker.Data.Import.Prepared;

/// <summary>The files of a prepared data set.</summary>
internal static class PreparedFolder
{
    public const string Manifest = "dataset.json";
    public const string Interactions = "interactions.parquet";
    public const string Users = "users.parquet";
    public const string Items = "items.parquet";
    public const string Categories = "categories.parquet";
    public const string Sets = "sets.parquet";

    /// <summary>Whether a path is a folder with a manifest and interactions.</summary>
    public static bool IsOne(string path) => File.Exists(Path.Combine(path, Manifest)) && File.Exists(Path.Combine(path, Interactions));
}
