using Tastemaker.Data;
using Tastemaker.Data.Features;

namespace Tastemaker.Texts;

/// <summary>
/// Texts as word indexes in the order of the text, over a fitted vocabulary: 0 is padding and never stored, words have 1 to <c>Known.Count</c>, and where unknown
/// words are kept the index after these is theirs.
/// </summary>
/// <param name="known">The words, as <see cref="WordFit"/> gives them.</param>
/// <param name="stopWords">Words that are left out.</param>
/// <param name="maximumLength">Words at most, the first of those that are not left out.</param>
/// <param name="unknown">What becomes of unknown words.</param>
internal sealed class WordSequencer(Vocabulary known, StopWords stopWords, int maximumLength, UnknownWords unknown)
{
    /// <summary>Number of indexes, padding included: the rows of a table of vectors.</summary>
    public int Size => 1 + known.Count + (unknown is UnknownWords.Keep ? 1 : 0);

    /// <summary>The sequences of a column's rows, without padding; empty where the text is missing.</summary>
    /// <exception cref="ArgumentException">The column is no text.</exception>
    public SparseRows Encode(FeatureColumn column)
    {
        var (words, rows) = Documents.IsText(column) ? Documents.Of(column) : throw new ArgumentException($"The column '{column.Name}' has no order of words.", nameof(column));
        var translation = Translation(words);
        var (offsets, indexes) = (new int[rows.RowCount + 1], new List<int>());
        for (var row = 0; row < rows.RowCount; row++)
        {
            foreach (var word in rows[row])
            {
                if (translation[word] > 0 && indexes.Count < offsets[row] + maximumLength)
                {
                    indexes.Add(translation[word]);
                }
            }

            offsets[row + 1] = indexes.Count;
        }

        return new SparseRows(offsets, [.. indexes], Size);
    }

    /// <summary>The sequence of one text, without padding.</summary>
    public int[] Encode(string text) => [.. Encode(new TextColumn("", [text]))[0]];

    // The index of each word; 0 where it is left out.
    private int[] Translation(Vocabulary words)
    {
        var left = StopWordLists.Of(stopWords);
        return [.. words.Ids.Select(word => left.Contains(word) ? 0 : known.IndexOf(word) is >= 0 and var index ? index + 1 : unknown is UnknownWords.Keep ? Size - 1 : 0)];
    }
}

/// <summary>What becomes of words in a sequence that training did not teach. Stop words are left out in any case.</summary>
internal enum UnknownWords
{
    /// <summary>They are left out, and those around them become neighbors.</summary>
    Drop,

    /// <summary>They keep their place under one index of their own, the last.</summary>
    Keep,
}
