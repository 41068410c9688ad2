namespace Tastemaker.Configuration;

/// <summary>Systems to be trained and measured on one split, with the figures they are to be compared with: what 'taste reproduce' runs.</summary>
internal sealed record Recipe
{
    /// <summary>The file's name without extension; names folders and the command.</summary>
    public required string Name { get; init; }

    /// <summary>One line for headings.</summary>
    public required string Title { get; init; }

    /// <summary>What is done and why, for the results page.</summary>
    public required string Description { get; init; }

    /// <summary>The systems, in the order of the file.</summary>
    public required IReadOnlyList<RecipeEntry> Entries { get; init; }
}
