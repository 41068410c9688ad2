using System.Buffers;
using System.Globalization;
using System.Text;

namespace Tastemaker.Data.Syntax;

/// <summary>
/// A name with arguments as written in recipes and on command lines: <c>name</c>, <c>name(5)</c>, <c>name(a=1,b="with, comma")</c>.
/// Quotes, single or double, are needed only around commas, parentheses and outer blanks; a doubled quote inside quotes stands for itself.
/// </summary>
internal sealed record SyntaxCall(string Name, IReadOnlyList<(string? Name, string Value)> Arguments)
{
    private static readonly SearchValues<char> NeedQuotes = SearchValues.Create(",()\"'=");

    /// <summary>Reads a text.</summary>
    /// <exception cref="InputException">A parenthesis or a quote is not closed, or text follows the last parenthesis.</exception>
    public static SyntaxCall Parse(string text)
    {
        var trimmed = text.Trim();
        var open = trimmed.IndexOf('(', StringComparison.Ordinal);
        if (open < 0)
        {
            return new SyntaxCall(trimmed, []);
        }

        var arguments = new List<(string?, string)>();
        var at = open + 1;
        while (true)
        {
            var (argumentName, value) = ReadArgument(trimmed, ref at);
            if (at >= trimmed.Length)
            {
                throw new InputException($"In '{text}' a parenthesis or a quote is not closed. Write it as name(argument=value,...).");
            }

            if (value is not null || trimmed[at] == ',')
            {
                arguments.Add((argumentName, value ?? ""));
            }

            if (trimmed[at++] == ')')
            {
                break;
            }
        }

        return at == trimmed.Length
            ? new SyntaxCall(trimmed[..open].TrimEnd(), arguments)
            : throw new InputException($"In '{text}' there is more text after the closing parenthesis: '{trimmed[at..].Trim()}'. Quote values that hold parentheses.");
    }

    /// <summary>Writes a call so that <see cref="Parse"/> reads it back; arguments that are null are left out.</summary>
    public static string Print(string name, params ReadOnlySpan<(string? Name, object? Value)> arguments)
    {
        var text = new StringBuilder(name);
        var separator = '(';
        foreach (var (key, value) in arguments)
        {
            if (value is not null)
            {
                text.Append(separator).Append(key).Append(key is null ? "" : "=").Append(Print(value));
                separator = ',';
            }
        }

        return separator == '(' ? name : text.Append(')').ToString();
    }

    private static string Print(object value) => value switch
    {
        decimal number => number.ToString("0.############################", CultureInfo.InvariantCulture),
        Enum choice => choice.ToString().ToLowerInvariant(),
        string text when text.Length == 0 || text != text.Trim() || text.AsSpan().ContainsAny(NeedQuotes) =>
            $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"",
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString()!,
    };

    // The value is null where nothing is written, not even quotes.
    private static (string? Name, string? Value) ReadArgument(string text, ref int at)
    {
        string? name = null;
        var value = new StringBuilder();
        var quoted = false;
        for (; at < text.Length && text[at] is not (',' or ')'); at++)
        {
            if (text[at] is '"' or '\'' && value.ToString().Trim().Length == 0 && !quoted)
            {
                quoted = true;
                value.Clear();
                ReadQuoted(text, ref at, value);
            }
            else if (text[at] == '=' && name is null && !quoted)
            {
                name = value.ToString().Trim();
                value.Clear();
            }
            else if (!quoted || !char.IsWhiteSpace(text[at]))
            {
                value.Append(text[at]);
            }
        }

        var written = quoted ? value.ToString() : value.ToString().Trim();
        return (name, written.Length == 0 && name is null && !quoted ? null : written);
    }

    // Leaves `at` on the closing quote, or behind the text where it is missing.
    private static void ReadQuoted(string text, ref int at, StringBuilder value)
    {
        var quote = text[at++];
        for (; at < text.Length; at++)
        {
            if (text[at] != quote)
            {
                value.Append(text[at]);
            }
            else if (at + 1 < text.Length && text[at + 1] == quote)
            {
                value.Append(text[at++]);
            }
            else
            {
                return;
            }
        }
    }
}
