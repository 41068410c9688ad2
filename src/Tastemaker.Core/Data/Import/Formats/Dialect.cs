namespace Tastemaker.Data.Import.Formats;

/// <summary>How a delimited text is written.</summary>
/// <param name="Delimiter">One to four characters.</param>
/// <param name="Quote">The quoting character; empty where there is none.</param>
/// <param name="HasHeader">Whether the first line names the columns.</param>
/// <param name="Encoding">DuckDB's name of the character encoding.</param>
/// <param name="Compression">"gzip" or "none", from the first bytes of the file.</param>
/// <param name="Columns">Column names, given or made up.</param>
internal sealed record Dialect(string Delimiter, string Quote, bool HasHeader, string Encoding, string Compression, IReadOnlyList<string> Columns)
{
    /// <summary>What makes a quoting character inside a quoted field a part of it: a second quoting character, or a backslash.</summary>
    public string Escape { get; init; } = Quote;

    /// <summary>Lines before the header line or the first row: comments, and "sep=;" of spreadsheets.</summary>
    public int Skipped { get; init; }

    /// <summary>Whether lines end with a carriage return alone.</summary>
    public bool EndsByCarriageReturn { get; init; }

    /// <summary>The delimiter in words.</summary>
    public string DelimiterInWords => Delimiter switch
    {
        "," => "commas",
        "\t" => "tabs",
        ";" => "semicolons",
        " " => "spaces",
        _ => $"'{Delimiter}'",
    };

    /// <summary>The dialect in words, for reports.</summary>
    public override string ToString() =>
        $"text separated by {DelimiterInWords}, {(HasHeader ? "with" : "without")} a header line" +
        $"{(Encoding == "utf-8" ? "" : $", {Encoding}")}{(Compression == "none" ? "" : $", {Compression}")}";
}
