using System.Globalization;
using System.Text;

namespace Tastemaker.Texts;

/// <summary>
/// Takes a text apart into words, all in lower case: runs of letters, marks and digits of any script. An apostrophe between letters and a point between digits
/// belong to the word ("don't", "3.14"), a final 's does not ("author's" is "author"); Chinese characters are a word each. Everything else, hyphens too,
/// stands between words. The same on every machine.
/// </summary>
internal static class Tokenizer
{
    /// <summary>Hands over the words of a text in their order.</summary>
    public static void Read(string text, Action<ReadOnlySpan<char>> word)
    {
        var letters = text.ToLowerInvariant().Replace('\u2019', '\'').AsSpan();
        var (start, previous) = (-1, default(Rune));
        for (var at = 0; at < letters.Length;)
        {
            Rune.DecodeFromUtf16(letters[at..], out var rune, out var length);
            var inside = IsPart(rune) || (start >= 0 && (IsMark(rune) || Joins(letters, at, rune, previous)));
            if (start >= 0 && (!inside || IsIdeograph(rune) || IsIdeograph(previous)))
            {
                Emit(letters[start..at], word);
                start = -1;
                inside = IsPart(rune);
            }

            start = start < 0 && inside ? at : start;
            previous = rune;
            at += length;
        }

        if (start >= 0)
        {
            Emit(letters[start..], word);
        }
    }

    /// <summary>The words of a text in their order.</summary>
    public static IReadOnlyList<string> Words(string text)
    {
        var words = new List<string>();
        Read(text, word => words.Add(word.ToString()));
        return words;
    }

    private static void Emit(ReadOnlySpan<char> letters, Action<ReadOnlySpan<char>> word) =>
        word(letters.EndsWith("'s") ? letters[..^2] : letters);

    private static bool IsPart(Rune rune) => Rune.IsLetterOrDigit(rune);

    private static bool IsMark(Rune rune) => Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;

    private static bool Joins(ReadOnlySpan<char> letters, int at, Rune rune, Rune previous)
    {
        if (rune.Value is not ('\'' or '.') || Rune.DecodeFromUtf16(letters[(at + 1)..], out var next, out _) is not System.Buffers.OperationStatus.Done)
        {
            return false;
        }

        return rune.Value == '.' ? Rune.IsDigit(previous) && Rune.IsDigit(next) : Rune.IsLetter(previous) && Rune.IsLetter(next);
    }

    private static bool IsIdeograph(Rune rune) => rune.Value is (>= 0x3400 and <= 0x4DBF) or (>= 0x4E00 and <= 0x9FFF) or (>= 0xF900 and <= 0xFAFF) or (>= 0x20000 and <= 0x3FFFF);
}
