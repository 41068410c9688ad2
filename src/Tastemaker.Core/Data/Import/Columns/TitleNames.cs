namespace Tastemaker.Data.Import.Columns;

/// <summary>The column names that say what an item is called, by convention; case, blanks, underscores and hyphens are ignored.</summary>
internal static class TitleNames
{
    private static readonly string[] Things =
    [
        "item", "movie", "film", "product", "book", "article", "track", "song", "artist", "album", "game", "anime", "video", "show", "news", "recipe", "course", "podcast",
        "business", "venue", "place", "joke", "content", "sku", "stock",
    ];

    private static readonly HashSet<string> Names = [.. Things.SelectMany(thing => new[] { $"{thing}title", $"{thing}name" })];

    /// <summary>Whether a name is one of an item's title, such as "title", "Product Name" or "movie_title".</summary>
    public static bool Has(string name) => RoleNames.Plain(name) is "title" or "name" || IsOfThing(name);

    /// <summary>The same for names that also say what has the title.</summary>
    public static bool IsOfThing(string name) => Names.Contains(RoleNames.Plain(name));
}
