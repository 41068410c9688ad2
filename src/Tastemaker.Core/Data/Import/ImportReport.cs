namespace Tastemaker.Data.Import;

/// <summary>What an import recognized, and what the user should know about it.</summary>
public sealed record ImportReport
{
    /// <summary>The layout that was read.</summary>
    public required DataFormat Format { get; init; }

    /// <summary>The layout in words, with delimiter and header where they apply.</summary>
    public required string Layout { get; init; }

    /// <summary>The files or the query that were read.</summary>
    public required IReadOnlyList<string> Sources { get; init; }

    /// <summary>What every column was taken for, in source order.</summary>
    public required IReadOnlyList<RecognizedColumn> Columns { get; init; }

    /// <summary>Number of interactions read.</summary>
    public required long Rows { get; init; }

    /// <summary>Things that were decided for the user or that look wrong, each a sentence.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }

    /// <summary>Seconds the import took.</summary>
    public double Seconds { get; init; }
}

/// <summary>What an import took a column for.</summary>
/// <param name="Source">The file or query it stands in.</param>
/// <param name="Name">Its name in the source.</param>
/// <param name="Role">"user", "item", "value", "time", "label", the kind of feature ("categorical", "multi-categorical", "numeric", "text") or "ignored".</param>
public sealed record RecognizedColumn(string Source, string Name, string Role);
