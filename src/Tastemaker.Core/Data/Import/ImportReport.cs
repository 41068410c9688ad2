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
