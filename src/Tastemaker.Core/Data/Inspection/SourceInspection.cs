namespace Tastemaker.Data.Inspection;

/// <summary>What a source holds that cannot be imported as it stands: its columns, and why not.</summary>
public sealed record SourceInspection
{
    /// <summary>The file or query.</summary>
    public required string Source { get; init; }

    /// <summary>The layout in words.</summary>
    public required string Layout { get; init; }

    /// <summary>Rows that have the right columns.</summary>
    public required long Rows { get; init; }

    /// <summary>The columns, in source order.</summary>
    public required IReadOnlyList<SourceColumnSummary> Columns { get; init; }

    /// <summary>Why an import refuses the data, each a sentence with its remedy.</summary>
    public required IReadOnlyList<string> Problems { get; init; }
}

/// <summary>A column of a source.</summary>
/// <param name="Name">Its name in the source.</param>
/// <param name="Values">What its values look like: "whole numbers", "numbers", "dates", "text", "nothing", or "lists or objects".</param>
/// <param name="Filled">Rows with a value.</param>
/// <param name="Missing">Rows without one.</param>
/// <param name="Distinct">How many values there are; an estimate where there are more than a million rows.</param>
/// <param name="Examples">The first values that differ.</param>
public sealed record SourceColumnSummary(string Name, string Values, long Filled, long Missing, long Distinct, IReadOnlyList<string> Examples);
