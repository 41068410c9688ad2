using Tastemaker.Data;

namespace Tastemaker.Texts;

/// <summary>How a document becomes a bag of known words with weights: one way for training and serving, texts and counts.</summary>
/// <param name="IsText">Whether documents are texts, rather than words with counts.</param>
/// <param name="StopWords">Words that were never wanted.</param>
/// <param name="Weighting">What a word weighs.</param>
/// <param name="InverseFrequencies">ln(N / n) of each word, for tf-idf; empty for other weightings.</param>
internal sealed record WordBag(bool IsText, StopWords StopWords, WordWeighting Weighting, float[] InverseFrequencies)
{
    /// <summary>The bags of documents: indexes of known words, ascending, with their weights. What is not known has no part in them.</summary>
    /// <param name="documents">A row a document: words, with counts as values or repeated.</param>
    /// <param name="translation">For each word of the documents its index from 1; 0 where unknown.</param>
    /// <param name="size">Number of indexes.</param>
    /// <param name="isMean">Whether the weights of a row are divided by their sum.</param>
    public SparseRows Of(SparseRows documents, ReadOnlySpan<int> translation, int size, bool isMean)
    {
        var (offsets, indexes, weights) = (new int[documents.RowCount + 1], new List<int>(), new List<float>());
        var (counts, held) = (new float[size], new SortedSet<int>());
        for (var document = 0; document < documents.RowCount; document++)
        {
            var words = documents[document];
            var times = documents.RowValues(document);
            held.Clear();
            for (var entry = 0; entry < words.Length; entry++)
            {
                if (translation[words[entry]] is > 0 and var index)
                {
                    held.Add(index);
                    counts[index] += times.IsEmpty ? 1 : times[entry];
                }
            }

            var first = indexes.Count;
            foreach (var index in held)
            {
                if (Weight(index, counts[index]) is not 0 and var weight)
                {
                    indexes.Add(index);
                    weights.Add(weight);
                }

                counts[index] = 0;
            }

            Divide(weights, first, isMean);
            offsets[document + 1] = indexes.Count;
        }

        return new SparseRows(offsets, [.. indexes], size, [.. weights]);
    }

    private float Weight(int index, float count) => count == 0 ? 0 : Weighting switch
    {
        WordWeighting.Binary => 1,
        WordWeighting.Log => MathF.CopySign(MathF.Log(1 + MathF.Abs(count)), count),
        WordWeighting.TfIdf => count * InverseFrequencies[index - 1],
        _ => count,
    };

    private static void Divide(List<float> weights, int first, bool isMean)
    {
        var sum = 0f;
        for (var entry = first; entry < weights.Count; entry++)
        {
            sum += weights[entry];
        }

        for (var entry = first; isMean && sum != 0 && entry < weights.Count; entry++)
        {
            weights[entry] /= sum;
        }
    }
}
