namespace Tastemaker.Data.Import.Formats;

/// <summary>The files of a bag of words: its lines, and behind a bar the names of the words.</summary>
/// <param name="Lines">A line an item.</param>
/// <param name="Names">A line a word; null where words are named by number.</param>
internal sealed record BagFiles(string Lines, string? Names)
{
    private const char Bar = '|';

    /// <summary>Reads "lines" or "lines|names".</summary>
    public static BagFiles Parse(string text)
    {
        var bar = text.IndexOf(Bar, StringComparison.Ordinal);
        return bar < 0 ? new BagFiles(text, null) : new BagFiles(text[..bar].Trim(), text[(bar + 1)..].Trim());
    }

    /// <summary>Bags with every path replaced.</summary>
    public static IReadOnlyDictionary<string, string> Map(IReadOnlyDictionary<string, string> bags, Func<string, string> path) => bags.ToDictionary(
        pair => pair.Key,
        pair => Parse(pair.Value) is { Names: { } names } both ? $"{path(both.Lines)}{Bar}{path(names)}" : path(pair.Value));

    /// <summary>Every path of some bags.</summary>
    public static IEnumerable<string> Paths(IReadOnlyDictionary<string, string> bags) =>
        bags.Values.Select(Parse).SelectMany(files => new[] { files.Lines, files.Names }).OfType<string>();
}
