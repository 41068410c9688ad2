namespace Tastemaker.Tests.Documentation;

/// <summary>The checkout that the tests were built in.</summary>
internal static class Repository
{
    public static string Root { get; } = Find();

    public static string Read(string path) => File.ReadAllText(Path.Combine(Root, path)).ReplaceLineEndings("\n");

    /// <summary>Contents of the fenced blocks of a language in a Markdown page.</summary>
    public static IReadOnlyList<string> CodeBlocks(string page, string language)
    {
        List<string> blocks = [];
        List<string>? open = null;
        foreach (var line in Read(page).Split('\n'))
        {
            if (open is null && line == "```" + language)
            {
                open = [];
            }
            else if (open is not null && line == "```")
            {
                blocks.Add(string.Concat(open.Select(text => text + "\n")));
                open = null;
            }
            else
            {
                open?.Add(line);
            }
        }

        return blocks;
    }

    private static string Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Tastemaker.slnx")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("The tests run outside the repository; its documents cannot be read.");
    }
}
