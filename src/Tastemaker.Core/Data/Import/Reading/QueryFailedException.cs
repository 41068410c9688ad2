using System.Text.RegularExpressions;
using Tastemaker.Data.Import.Formats;

namespace Tastemaker.Data.Import.Reading;

/// <summary>DuckDB refused or could not finish a query; callers turn it into an <see cref="InputException"/> that names the file.</summary>
internal sealed partial class QueryFailedException(string message, Exception? cause = null) : Exception(message, cause)
{
    /// <summary>Whether lines of delimited text end in several ways, which DuckDB's reader does not expect.</summary>
    public bool IsOfLineEnds => Message.Contains("state machine reached an invalid state", StringComparison.Ordinal);

    /// <summary>Whether a line of JSON is no JSON.</summary>
    public bool IsOfJson => BrokenJson().IsMatch(Message);

    /// <summary>The first line of DuckDB's message, without its hints and without the kind of error that it begins with.</summary>
    public string Summary => Kind().Replace(Message.Split('\n', 2)[0].Trim(), "");

    /// <summary>Why files cannot be read, with the remedy, in the user's terms.</summary>
    /// <param name="label">The files.</param>
    public InputException Explained(string label)
    {
        if (BrokenJson().Match(Message) is { Success: true } json)
        {
            var file = json.Groups["file"].Value;
            var line = JsonLineSearch.FirstBroken(file) is { } found ? $"{found}" : json.Groups["line"].Value;
            return new InputException($"{file}, line {line}: this is no whole JSON value ({json.Groups["why"]}). Fix or remove the line, or leave it out with on-bad-rows drop; a file that was cut short is best fetched or written again.", this);
        }

        return BrokenParquet().IsMatch(Message)
            ? new InputException($"{label} is Parquet that is damaged. Fetch or write it again.", this)
            : new InputException($"{label} cannot be read: {Summary.TrimEnd('.')}. Check that the file is whole and what its name says.", this);
    }

    [GeneratedRegex(@"^([A-Z][a-z]+ )+Error:\s*")]
    private static partial Regex Kind();

    [GeneratedRegex("Malformed JSON in file \"(?<file>.*?)\", at byte \\d+ in (line|record/value) (?<line>\\d+): (?<why>[^.\n]*)")]
    private static partial Regex BrokenJson();

    [GeneratedRegex("Footer length error|No magic bytes|Parquet|parquet|thrift|TProtocol|Snappy|ZSTD", RegexOptions.IgnoreCase)]
    private static partial Regex BrokenParquet();
}
