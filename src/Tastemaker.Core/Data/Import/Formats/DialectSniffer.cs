using System.Globalization;
using System.Text;

namespace Tastemaker.Data.Import.Formats;

/// <summary>
/// Recognizes how a delimited text is written from its first lines. DuckDB does the reading; its own recognition is not used because it
/// skips odd first lines, never considers "::" or spaces, and takes a first row of words for a header.
/// </summary>
internal static class DialectSniffer
{
    private const int LineLimit = 200;

    private static readonly string[] Candidates = ["::", "\t", ",", ";", "|", " "];

    /// <summary>The dialect of a file.</summary>
    /// <exception cref="InputException">The file is empty, is not what its name says, or no delimiter fits.</exception>
    public static Dialect Sniff(string path, DataOptions options)
    {
        var scan = TextScan.Of(path);
        if (scan.LongLineAt >= 0)
        {
            throw new InputException($"{path} has a line of more than {TextScan.LongestLine:N0} bytes, from byte {scan.LongLineAt:N0} of its text on. "
                + "Lines of a table are shorter: the file is damaged there, or is no table of a row a line.");
        }

        var bytes = SourceFile.Peek(path);
        var all = Lines(SourceFile.Decode(bytes), scan.EndsByCarriageReturn ? '\r' : '\n', complete: bytes.Length < 1 << 16);
        // Empty lines are none to DuckDB, but those it skips it counts.
        var skipped = all.TakeWhile(line => IsPreamble(line)).Count();
        var lines = all.Skip(skipped).Where(line => line.Length > 0).Take(LineLimit).ToList();
        if (lines.Count == 0)
        {
            throw new InputException($"{path} holds no line of data.");
        }

        var named = all.Take(skipped).Select(SeparatorLine).FirstOrDefault(separator => separator is not null);
        var delimiter = Delimiter(path, lines, options.Delimiter is null && named is not null ? options with { Delimiter = named } : options);
        var quote = Quote(delimiter, options);
        // A comment has another number of fields than the table; a header line that begins with # has the same.
        if (skipped > 0 && all[skipped - 1] is ['#', ..] names && Fields(names, delimiter, quote).Count == Fields(lines[0], delimiter, quote).Count)
        {
            (skipped, lines) = (skipped - 1, [names, .. lines]);
        }

        var rows = lines.Select(line => Fields(line, delimiter, quote)).ToList();
        var header = HasHeader(rows, options);
        if (header && lines.Count == 1)
        {
            throw new InputException($"{path} holds a header line and no row of data.");
        }

        var encoding = options.Encoding == TextEncoding.Latin1 ? "latin-1" : "utf-8";
        var backslash = options.Escape is { } escape ? escape == "backslash" : quote == "\"" && scan.EscapesQuotes;
        return new Dialect(delimiter, quote, header, encoding, SourceFile.Compression(path), Names(path, rows[0], header))
        {
            Escape = backslash && quote.Length > 0 ? "\\" : quote,
            Skipped = skipped,
            EndsByCarriageReturn = scan.EndsByCarriageReturn,
        };
    }

    /// <summary>Whether a line before the table is a comment, or what spreadsheets write to name the separator.</summary>
    private static bool IsPreamble(string line) => line.Length == 0 || line[0] == '#' || SeparatorLine(line) is not null;

    /// <summary>The separator that a line like "sep=;" names, or null.</summary>
    private static string? SeparatorLine(string line) =>
        line.Trim('"') is ['s' or 'S', 'e' or 'E', 'p' or 'P', '=', _] or ['s' or 'S', 'e' or 'E', 'p' or 'P', '=', '\\', 't'] ? line.Trim('"')[4..] : null;

    /// <summary>The fields of a line.</summary>
    internal static List<string> Fields(string line, string delimiter, string quote)
    {
        var fields = new List<string>();
        var field = new StringBuilder();
        var quoted = false;
        for (var at = 0; at < line.Length; at++)
        {
            if (quote.Length == 1 && line[at] == quote[0])
            {
                quoted = !quoted;
            }
            else if (!quoted && string.CompareOrdinal(line, at, delimiter, 0, delimiter.Length) == 0)
            {
                fields.Add(field.ToString());
                field.Clear();
                at += delimiter.Length - 1;
            }
            else
            {
                field.Append(line[at]);
            }
        }

        fields.Add(field.ToString());
        return fields;
    }

    private static List<string> Lines(string text, char end, bool complete)
    {
        var lines = text.Split(end).Select(line => line.TrimEnd('\r')).ToList();
        if (!complete && lines.Count > 1)
        {
            lines.RemoveAt(lines.Count - 1);
        }

        return lines;
    }

    private static string Delimiter(string path, List<string> lines, DataOptions options)
    {
        if (options.Delimiter is { } given)
        {
            return given switch { "tab" or "\\t" => "\t", "space" => " ", _ => given };
        }

        var widths = Candidates.Select(candidate => (Candidate: candidate, Widths: lines.ConvertAll(line => Fields(line, candidate, Quote(candidate, options)).Count)))
            .Where(pair => pair.Widths[0] > 1)
            .ToList();
        // A candidate that cuts every line into as many fields as the first, or else one that at least cuts the first.
        var steady = widths.Where(pair => pair.Widths.TrueForAll(width => width == pair.Widths[0])).ToList();
        // Commas may be decimal marks between other delimiters.
        var ordered = steady.Find(pair => pair.Candidate == ",") is { Widths: { } byComma } && steady.Find(pair => pair.Candidate is ";" or "|" && pair.Widths[0] > byComma[0]) is { Candidate: { } wider } ? [wider]
            : (steady.Count > 0 ? steady : widths).Select(pair => pair.Candidate);
        return ordered.FirstOrDefault() ?? throw new InputException(
            $"{path} has a single column ('{(lines[0].Length > 60 ? lines[0][..60] + "..." : lines[0])}'): no delimiter was recognized. Name it with the option delimiter.");
    }

    private static string Quote(string delimiter, DataOptions options) => options.Quote switch
    {
        "none" => "",
        { } given => given,
        // "::" files know no quoting, and titles in them hold quotation marks.
        null => delimiter == "::" ? "" : "\"",
    };

    private static bool HasHeader(List<List<string>> rows, DataOptions options)
    {
        if (options.Header != HeaderLine.Auto)
        {
            return options.Header == HeaderLine.Present;
        }

        var first = rows[0];
        string?[] asked = [options.User, options.Item, options.Value, options.Time, options.Label];
        return first.Any(field => Columns.RoleNames.IsKnown(field) || (asked.Contains(field.Trim()) && !IsNumber(field)))
            || Enumerable.Range(0, first.Count).Any(column => IsNumericBelow(rows, column));
    }

    private static bool IsNumericBelow(List<List<string>> rows, int column) =>
        rows.Count > 1 && !IsNumber(rows[0][column]) && rows[0][column].Length > 0 && !rows[0][column].Any(char.IsDigit)
        && rows.Skip(1).All(row => column < row.Count && IsNumber(row[column]));

    private static bool IsNumber(string field) => double.TryParse(field, NumberStyles.Float, CultureInfo.InvariantCulture, out _);

    private static List<string> Names(string path, List<string> first, bool header)
    {
        var names = first.Select((field, index) => !header ? $"column{index + 1}" : field.Trim() is { Length: > 0 } name ? name : $"Unnamed: {index}").ToList();
        var twice = names.GroupBy(name => name, StringComparer.OrdinalIgnoreCase).Where(group => group.Count() > 1).Select(group => $"'{group.Key}'").ToList();
        return twice.Count == 0 ? names : throw new InputException(
            $"{path} names {string.Join(" and ", twice)} more than once in its header line. Give every column its own name.");
    }
}
