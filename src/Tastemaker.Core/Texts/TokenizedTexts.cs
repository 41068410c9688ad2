using System.Runtime.CompilerServices;
using Tastemaker.Data;
using Tastemaker.Data.Features;

namespace Tastemaker.Texts;

/// <summary>Text columns taken apart into words, each once in a process.</summary>
internal static class TokenizedTexts
{
    private static readonly ConditionalWeakTable<string?[], Lazy<(Vocabulary Words, SparseRows Values)>> Cache = [];

    /// <summary>The words of a column's rows, in order; words are numbered as they come.</summary>
    public static WordSequenceColumn Of(TextColumn column)
    {
        var (words, values) = Cache.GetValue(column.Values, texts => new Lazy<(Vocabulary, SparseRows)>(() => Read(texts))).Value;
        return new WordSequenceColumn(column.Name, words, values);
    }

    private static (Vocabulary Words, SparseRows Values) Read(string?[] texts)
    {
        var (indexes, words) = (new Dictionary<string, int>(StringComparer.Ordinal), new List<int>());
        var lookup = indexes.GetAlternateLookup<ReadOnlySpan<char>>();
        var offsets = new int[texts.Length + 1];
        for (var row = 0; row < texts.Length; row++)
        {
            if (texts[row] is { } text)
            {
                Tokenizer.Read(text, word =>
                {
                    if (!lookup.TryGetValue(word, out var index))
                    {
                        index = indexes.Count;
                        lookup[word] = index;
                    }

                    words.Add(index);
                });
            }

            offsets[row + 1] = words.Count;
        }

        return (new Vocabulary(indexes.OrderBy(pair => pair.Value).Select(pair => pair.Key)), new SparseRows(offsets, [.. words], indexes.Count));
    }
}
