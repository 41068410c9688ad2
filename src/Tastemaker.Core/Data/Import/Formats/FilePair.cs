namespace Tastemaker.Data.Import.Formats;

/// <summary>Two files that belong together, written with a bar between them: a bag of words and the names of its words, a knowledge graph and the entities that items are.</summary>
/// <param name="First">The file that is always there.</param>
/// <param name="Second">The file behind the bar; null for none.</param>
internal sealed record FilePair(string First, string? Second)
{
    private const char Bar = '|';

    /// <summary>Reads "first" or "first|second".</summary>
    public static FilePair Parse(string text)
    {
        var bar = text.IndexOf(Bar, StringComparison.Ordinal);
        return bar < 0 ? new FilePair(text, null) : new FilePair(text[..bar].Trim(), text[(bar + 1)..].Trim());
    }

    /// <summary>Pairs with every path replaced.</summary>
    public static IReadOnlyDictionary<string, string> Map(IReadOnlyDictionary<string, string> pairs, Func<string, string> path) => pairs.ToDictionary(
        pair => pair.Key,
        pair => Parse(pair.Value) is { Second: { } second } both ? $"{path(both.First)}{Bar}{path(second)}" : path(pair.Value));

    /// <summary>Every path of some pairs.</summary>
    public static IEnumerable<string> Paths(IReadOnlyDictionary<string, string> pairs) =>
        pairs.Values.Select(Parse).SelectMany(files => new[] { files.First, files.Second }).OfType<string>();
}

/// <summary>The files that data options name, all kinds in one place.</summary>
internal static class FilesOfOptions
{
    extension(DataOptions options)
    {
        /// <summary>Every file beside the interactions, with the option that names it.</summary>
        public IEnumerable<(string Option, string Path)> FilesBeside =>
        [
            .. new[] { ("item-file", options.ItemFile), ("user-file", options.UserFile) }.Where(file => file.Item2 is not null).Select(file => (file.Item1, file.Item2!)),
            .. options.ItemLists.Values.Select(path => ("item-lists", path)),
            .. FilePair.Paths(options.ItemBags).Select(path => ("item-bags", path)),
            .. FilePair.Paths(options.Graph).Select(path => ("graph", path)),
        ];

        /// <summary>The options with every path beside the interactions replaced.</summary>
        public DataOptions WithFilesBeside(Func<string, string> path) => options with
        {
            ItemFile = options.ItemFile is { } items ? path(items) : null,
            UserFile = options.UserFile is { } users ? path(users) : null,
            ItemLists = options.ItemLists.ToDictionary(pair => pair.Key, pair => path(pair.Value)),
            ItemBags = FilePair.Map(options.ItemBags, path),
            Graph = FilePair.Map(options.Graph, path),
        };
    }
}
