using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Tastemaker.Data;

namespace Tastemaker.Texts;

/// <summary>
/// Chooses words by the training documents alone: what other documents hold changes nothing. A word's tf-idf in a document that holds it c times is
/// c ln(N / n), where n of the N training documents hold it; words are chosen by the sum over these.
/// </summary>
internal static class WordFit
{
    // By training interactions, then by documents: neither is kept alive for the sake of the other.
    private static readonly ConditionalWeakTable<Interactions, ConditionalWeakTable<SparseRows, ConcurrentDictionary<WordRules, Lazy<FittedWords>>>> Cache = [];

    /// <summary>The words of documents; fitted once in a process for the same training interactions, documents and rules.</summary>
    /// <param name="train">The training interactions.</param>
    /// <param name="words">All words.</param>
    /// <param name="documents">A row a document: words, with counts as values or repeated.</param>
    /// <param name="isTraining">Whether each document is one of training.</param>
    /// <param name="rules">Which words are wanted.</param>
    public static FittedWords Once(Interactions train, Vocabulary words, SparseRows documents, Func<bool[]> isTraining, WordRules rules) => Cache
        .GetOrCreateValue(train)
        .GetOrCreateValue(documents)
        .GetOrAdd(rules, _ => new Lazy<FittedWords>(() => Of(words, documents, isTraining(), rules)))
        .Value;

    /// <summary>The words of documents.</summary>
    /// <param name="words">All words.</param>
    /// <param name="documents">A row a document: words, with counts as values or repeated.</param>
    /// <param name="isTraining">Whether each document is one of training.</param>
    /// <param name="rules">Which words are wanted.</param>
    public static FittedWords Of(Vocabulary words, SparseRows documents, ReadOnlySpan<bool> isTraining, WordRules rules)
    {
        var (holders, counts) = Count(words.Count, documents, isTraining);
        var total = isTraining.Count(true);
        var stopWords = StopWordLists.Of(rules.StopWords);
        var known = Enumerable.Range(0, words.Count).Where(word => holders[word] >= Math.Max(1, rules.MinimumCount) && holders[word] <= rules.MaximumShare * total && !stopWords.Contains(words[word]));
        if (rules.Words is { } most)
        {
            known = known
                .OrderByDescending(word => counts[word] * Math.Log((double)total / holders[word]))
                .ThenByDescending(word => counts[word])
                .ThenBy(word => words[word], StringComparer.Ordinal)
                .Take(most);
        }

        int[] chosen = [.. known.OrderByDescending(word => holders[word]).ThenBy(word => words[word], StringComparer.Ordinal)];
        return new FittedWords(
            new Vocabulary(chosen.Select(word => words[word])), [.. chosen.Select(word => (float)Math.Log((double)total / holders[word]))], total);
    }

    // Training documents that hold each word, and how often all of them do.
    private static (int[] Holders, double[] Counts) Count(int wordCount, SparseRows documents, ReadOnlySpan<bool> isTraining)
    {
        var (holders, counts, last) = (new int[wordCount], new double[wordCount], new int[wordCount]);
        for (var document = 0; document < documents.RowCount; document++)
        {
            if (!isTraining[document])
            {
                continue;
            }

            var words = documents[document];
            var times = documents.RowValues(document);
            for (var entry = 0; entry < words.Length; entry++)
            {
                var count = times.IsEmpty ? 1 : times[entry];
                counts[words[entry]] += count;
                if (count != 0 && last[words[entry]] != document + 1)
                {
                    last[words[entry]] = document + 1;
                    holders[words[entry]]++;
                }
            }
        }

        return (holders, counts);
    }
}

/// <summary>The words that training documents taught.</summary>
/// <param name="Known">The words: those of more documents first, equal ones in ordinal order.</param>
/// <param name="InverseFrequencies">ln(N / n) of each word, where n of N training documents hold it.</param>
/// <param name="DocumentCount">N.</param>
internal sealed record FittedWords(Vocabulary Known, float[] InverseFrequencies, int DocumentCount);
