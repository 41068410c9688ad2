using System.Buffers;

namespace Tastemaker.Configuration;

/// <summary>
/// The one rule for lists of values, wherever they are written: separated by commas, which count as such outside of parentheses, brackets and
/// quotes, so that "k-core(users=5,items=10),binarize" are two. What follows "name=value" without a name of its own is another value of that name: "rate=0.1,0.2,size=8" are two.
/// </summary>
internal static class ListText
{
    private static readonly SearchValues<char> NameLetters = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_. ");

    /// <summary>The values of a text, without outer blanks; empty ones are left out.</summary>
    public static IReadOnlyList<string> Split(string text)
    {
        var values = new List<string>();
        var (start, depth, quote) = (0, 0, '\0');
        for (var at = 0; at <= text.Length; at++)
        {
            var letter = at < text.Length ? text[at] : ',';
            if (at < text.Length && quote != '\0')
            {
                quote = letter == quote ? '\0' : quote;
            }
            else if (letter is '"' or '\'' && IsOpening(text, at))
            {
                quote = letter;
            }
            else if (letter is '(' or '[' or ')' or ']')
            {
                depth = Math.Max(0, depth + (letter is '(' or '[' ? 1 : -1));
            }
            else if (at == text.Length || (letter == ',' && depth == 0))
            {
                Add(values, text[start..at].Trim());
                start = at + 1;
            }
        }

        return values;
    }

    // An apostrophe within a word is none.
    private static bool IsOpening(string text, int at) => (at == 0 || text[at - 1] is ' ' or ',' or '(' or '=' or '[') && text.IndexOf(text[at], at + 1) > 0;

    private static bool IsNamed(string value) =>
        value.IndexOf('=', StringComparison.Ordinal) is > 0 and var at && value.AsSpan(0, at).IndexOfAnyExcept(NameLetters) < 0;

    private static void Add(List<string> values, string value)
    {
        if (value.Length > 0)
        {
            var bare = value.Length > 1 && value[0] is '"' or '\'' && value[^1] == value[0] && value.IndexOf(value[0], 1) == value.Length - 1 ? value[1..^1] : value;
            if (values.Count > 0 && IsNamed(values[^1]) && !IsNamed(bare))
            {
                values[^1] += $",{bare}";
            }
            else
            {
                values.Add(bare);
            }
        }
    }
}
