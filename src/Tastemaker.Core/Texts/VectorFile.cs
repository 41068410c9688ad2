using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Tastemaker.Data;

namespace Tastemaker.Texts;

/// <summary>Recognizes and reads one file of word vectors.</summary>
/// <param name="path">Its name, for messages.</param>
/// <param name="bytes">Its content, unpacked.</param>
/// <param name="pause">Called now and then.</param>
internal sealed class VectorFile(string path, VectorStream bytes, Action pause)
{
    private const int WordsBetweenPauses = 1 << 14;
    private const int LongestLine = 1 << 20;
    private const int LargestDimension = 100_000;

    private static readonly SearchValues<byte> Digits = SearchValues.Create("0123456789+-.eE \t"u8);

    private char[] letters = new char[256];

    /// <summary>Reads the vectors of the wanted words.</summary>
    /// <exception cref="InputException">The file is of another kind, damaged or cut short.</exception>
    public WordVectors Read(Vocabulary wanted)
    {
        var first = FirstLine();
        if (Sizes(first) is not var (count, dimension))
        {
            Word(ref first);
            var headless = IsNumbers(first) ? new WordVectors(wanted, Cells(first)) : throw new InputException(
                $"{path}, line 1, is neither the number of words and that of dimensions, as word2vec's files begin, nor a word and its numbers, as in GloVe's. Name a file of word vectors.");
            Lines(headless, 1);
            return headless;
        }

        var vectors = dimension is > 0 and <= LargestDimension ? new WordVectors(wanted, dimension)
            : throw new InputException($"{path}, line 1: says that vectors have {dimension} dimensions; 1 to {LargestDimension:N0} are possible.");
        bytes.TryReadTo((byte)'\n', out _);
        var next = FirstLine();
        Word(ref next);
        if (!IsNumbers(next))
        {
            Records(vectors, count);
        }
        else if (Lines(vectors, 2) is var words && words != count)
        {
            throw new InputException($"{path}: its first line promises {count:N0} words, but {words:N0} follow. It is cut short or put together wrongly; fetch it again.");
        }

        return vectors;
    }

    private ReadOnlySpan<byte> FirstLine()
    {
        var start = bytes.Peek(LongestLine);
        var end = start.IndexOf((byte)'\n');
        return Trim(end < 0 ? start : start[..end]);
    }

    // The number of words and that of dimensions.
    private static (long Count, int Dimension)? Sizes(ReadOnlySpan<byte> line)
    {
        var count = Word(ref line);
        return long.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out var words)
            && int.TryParse(line, NumberStyles.None, CultureInfo.InvariantCulture, out var dimension) ? (words, dimension) : null;
    }

    private long Lines(WordVectors vectors, long line)
    {
        var words = 0L;
        for (; bytes.TryReadTo((byte)'\n', out var text); line++)
        {
            text = Trim(text);
            if (text.IsEmpty)
            {
                continue;
            }

            Pause(words++);
            var word = Decode(Word(ref text));
            // Some files have words with blanks in them, which are not the words that they begin with.
            if (vectors.Place(word) is >= 0 and var place && Cells(text) <= vectors.Dimension)
            {
                Numbers(text, vectors.Values.AsSpan(place * vectors.Dimension, vectors.Dimension), $"line {line}");
                vectors.Fill(place, word);
            }
        }

        return words;
    }

    private void Numbers(ReadOnlySpan<byte> text, Span<float> values, string where)
    {
        var cells = Cells(text);
        if (cells < values.Length)
        {
            throw new InputException($"{path}, {where}: has {cells} numbers where {values.Length} are due. The file is cut short or damaged; fetch it again.");
        }

        foreach (ref var value in values)
        {
            var cell = Word(ref text);
            if (!float.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out value) || !float.IsFinite(value))
            {
                throw new InputException($"{path}, {where}: '{Encoding.UTF8.GetString(cell)}' is no number. The file is damaged; fetch it again.");
            }
        }
    }

    // Each a word, a blank, and its numbers in four bytes each; some programs end it with a new line.
    private void Records(WordVectors vectors, long count)
    {
        for (var record = 0L; record < count; record++)
        {
            Pause(record);
            var word = bytes.TryReadTo((byte)' ', out var name) ? Decode(name.TrimStart("\r\n"u8)) : [];
            if (!bytes.TryRead(vectors.Dimension * sizeof(float), out var numbers))
            {
                throw new InputException($"{path}: its first line promises {count:N0} words, but it ends within the word {record + 1:N0}. It is cut short; fetch it again.");
            }

            if (vectors.Place(word) is >= 0 and var place)
            {
                for (var at = 0; at < vectors.Dimension; at++)
                {
                    var value = BinaryPrimitives.ReadSingleLittleEndian(numbers[(at * sizeof(float))..]);
                    vectors.Values[(place * vectors.Dimension) + at] = float.IsFinite(value) ? value
                        : throw new InputException($"{path}, word {record + 1:N0}, '{word}': a number is not finite. The file is damaged or of another kind; fetch it again.");
                }

                vectors.Fill(place, word);
            }
        }

        if (Trim(bytes.Peek(2)).Length > 0)
        {
            throw new InputException($"{path}: more follows after the {count:N0} words that its first line promises. It is of another kind or put together wrongly; fetch it again.");
        }
    }

    private void Pause(long words)
    {
        if (words % WordsBetweenPauses == 0)
        {
            pause();
        }
    }

    private ReadOnlySpan<char> Decode(ReadOnlySpan<byte> word)
    {
        if (letters.Length < word.Length)
        {
            letters = new char[word.Length];
        }

        return letters.AsSpan(0, Encoding.UTF8.GetChars(word, letters));
    }

    // What stands before the first blank; the text goes on behind it.
    private static ReadOnlySpan<byte> Word(ref ReadOnlySpan<byte> text)
    {
        var end = text.IndexOfAny(" \t"u8);
        var word = end < 0 ? text : text[..end];
        text = end < 0 ? [] : text[end..].TrimStart(" \t"u8);
        return word;
    }

    private static int Cells(ReadOnlySpan<byte> text)
    {
        var cells = 0;
        for (; !text.IsEmpty; cells++)
        {
            Word(ref text);
        }

        return cells;
    }

    private static bool IsNumbers(ReadOnlySpan<byte> text) => !text.IsEmpty && !text.ContainsAnyExcept(Digits);

    private static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> text) => text.TrimEnd(" \t\r\n"u8);
}
