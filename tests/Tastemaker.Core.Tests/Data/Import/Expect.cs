using Tastemaker.Data.Features;

namespace Tastemaker.Core.Tests.Data.Import;

/// <summary>Features in readable form.</summary>
internal static class Expect
{
    public static string?[] Categories(FeatureTable table, string name)
    {
        var column = table.Find(name).ShouldBeOfType<CategoricalColumn>();
        return [.. column.Values.Select(value => value < 0 ? null : column.Categories[value])];
    }

    public static string[] Sets(FeatureTable table, string name)
    {
        var column = table.Find(name).ShouldBeOfType<MultiCategoricalColumn>();
        return [.. Enumerable.Range(0, column.RowCount).Select(row => string.Join("|", column.Values[row].ToArray().Select(value => column.Categories[value]).Order(StringComparer.Ordinal)))];
    }

    public static float[] Numbers(FeatureTable table, string name) => table.Find(name).ShouldBeOfType<NumericColumn>().Values;

    public static string?[] Texts(FeatureTable table, string name) => table.Find(name).ShouldBeOfType<TextColumn>().Values;

    /// <summary>A path in the checkout the tests were built from.</summary>
    public static string RepositoryFile(string path)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Tastemaker.slnx")))
        {
            folder = folder.Parent;
        }

        return Path.Combine(folder.ShouldNotBeNull().FullName, path);
    }
}
