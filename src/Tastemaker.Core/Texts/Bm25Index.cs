using Tastemaker.Data;

namespace Tastemaker.Texts;

/// <summary>
/// Okapi BM25 (Robertson et al. 1994) over documents: the score of a document is the sum over the words w of the query, repeats included, of idf(w) tf (k1 + 1) / (tf + k1 (1 - b + b length / mean length)), where tf counts w in the
/// document. With N documents of which n hold w, idf(w) = log(1 + (N - n + 1/2) / (n + 1/2)), so that a word that most documents hold counts little and never less than nothing.
/// </summary>
internal sealed class Bm25Index
{
    /// <summary>The usual k1.</summary>
    public const double UsualSaturation = 1.2;

    /// <summary>The usual b.</summary>
    public const double UsualLengthNormalization = 0.75;

    private readonly int[] starts; // [words + 1]
    private readonly int[] documents; // of each word, ascending
    private readonly float[] weights; // idf(w) times the saturated count

    /// <summary>An index of documents.</summary>
    /// <param name="rows">A row per document: word indexes, repeats included.</param>
    /// <param name="k1">How slowly repeats of a word in a document cease to count; 0: at once.</param>
    /// <param name="b">How much long documents are held back, 0 to 1.</param>
    public Bm25Index(SparseRows rows, double k1, double b)
    {
        DocumentCount = rows.RowCount;
        var postings = Enumerable.Range(0, rows.ColumnCount).Select(_ => new List<(int Document, int Count)>()).ToArray();
        for (var document = 0; document < rows.RowCount; document++)
        {
            foreach (var (word, count) in rows[document].ToArray().CountBy(word => word))
            {
                postings[word].Add((document, count));
            }
        }

        var mean = Math.Max(1, (double)rows.EntryCount / Math.Max(1, rows.RowCount));
        starts = new int[postings.Length + 1];
        var (found, values) = (new List<int>(rows.EntryCount), new List<float>(rows.EntryCount));
        for (var word = 0; word < postings.Length; word++)
        {
            var idf = Math.Log(1 + ((rows.RowCount - postings[word].Count + 0.5) / (postings[word].Count + 0.5)));
            foreach (var (document, count) in postings[word])
            {
                found.Add(document);
                values.Add((float)(idf * count * (k1 + 1) / (count + (k1 * (1 - b + (b * rows.Length(document) / mean))))));
            }

            starts[word + 1] = found.Count;
        }

        (documents, weights) = ([.. found], [.. values]);
    }

    /// <summary>Number of documents.</summary>
    public int DocumentCount { get; }

    /// <summary>Fills the score of every document; 0 for those that share no word with the query.</summary>
    /// <param name="query">Word indexes.</param>
    /// <param name="scores">Receives a score per document.</param>
    public void Score(ReadOnlySpan<int> query, Span<float> scores)
    {
        scores.Clear();
        foreach (var word in query)
        {
            for (var posting = starts[word]; posting < starts[word + 1]; posting++)
            {
                scores[documents[posting]] += weights[posting];
            }
        }
    }

    /// <summary>The documents with the largest scores in order; those of one score by how much they are preferred, then by their number.</summary>
    /// <param name="scores">A score per document.</param>
    /// <param name="preference">What decides between equal scores, a value per document.</param>
    /// <param name="most">Documents at most.</param>
    public static int[] Best(float[] scores, float[] preference, int most)
    {
        int[] order = [.. Enumerable.Range(0, scores.Length)];
        Array.Sort(order, (one, other) => scores[other].CompareTo(scores[one]) is not 0 and var byScore ? byScore
            : preference[other].CompareTo(preference[one]) is not 0 and var preferred ? preferred : one.CompareTo(other));
        return order[..Math.Min(most, order.Length)];
    }
}
