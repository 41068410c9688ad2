using System.Collections.Concurrent;
using Tastemaker.Data;

namespace Tastemaker.Models.Baselines;

/// <summary>
/// Finds the rows of a sparse matrix most similar to a row: items by their users, or users by their items. Rows play the document and columns
/// the term of information retrieval. One query costs the entries of the terms it has; never rows x rows. Thread-safe.
/// </summary>
internal sealed class NeighborIndex
{
    private const double K1 = 1.2;
    private const double B = 0.75;
    private readonly NeighborOptions options;
    private readonly SparseRows byTerm;
    private readonly double[] idf;
    private readonly double[] sizes;
    private readonly double meanLength;
    private readonly ConcurrentBag<SparseAccumulator> pool = [];

    /// <summary>Indexes the rows of <paramref name="documents"/> [documents, terms].</summary>
    public NeighborIndex(SparseRows documents, NeighborOptions options)
    {
        this.options = options;
        meanLength = Math.Max(documents.HasValues ? Sum(documents.Values) : documents.EntryCount, 1e-12) / Math.Max(1, documents.RowCount);
        var frequencies = new int[documents.ColumnCount];
        foreach (var term in documents.Columns)
        {
            frequencies[term]++;
        }

        idf = Array.ConvertAll(frequencies, frequency => frequency == 0 ? 0 : Math.Log((double)documents.RowCount / frequency));
        var weights = new float[documents.EntryCount];
        sizes = new double[documents.RowCount];
        for (var document = 0; document < documents.RowCount; document++)
        {
            var span = weights.AsSpan(documents.Offsets[document], documents.Length(document));
            sizes[document] = Weigh(documents[document], documents.RowValues(document), span);
        }

        var weighted = new SparseRows(documents.Offsets.ToArray(), documents.Columns.ToArray(), documents.ColumnCount, AllOne(weights) ? null : weights);
        byTerm = weighted.Transpose();
    }

    private bool ComparesSets => options.Similarity is Similarity.Jaccard or Similarity.Dice or Similarity.Tversky;

    /// <summary>
    /// The most similar documents in ascending order of index, at most <see cref="NeighborOptions.Neighbors"/> and only those with a positive
    /// similarity.
    /// </summary>
    /// <param name="terms">Terms of the row asked for, ascending.</param>
    /// <param name="values">A value a term; empty where each counts 1.</param>
    /// <param name="exclude">A document that is not to be found (the row itself), or -1.</param>
    public (int[] Documents, float[] Similarities) Find(ReadOnlySpan<int> terms, ReadOnlySpan<float> values, int exclude)
    {
        var query = pool.TryTake(out var rented) ? rented : new SparseAccumulator(sizes.Length);
        var weights = new float[terms.Length];
        var size = Weigh(terms, values, weights);
        var entries = 0L;
        foreach (var term in terms)
        {
            entries += byTerm.Length(term);
        }

        query.Begin(entries);
        for (var term = 0; term < terms.Length; term++)
        {
            query.Add(byTerm[terms[term]], byTerm.RowValues(terms[term]), weights[term]);
        }

        var found = query.Take(options.Neighbors, (document, common) => document == exclude ? 0 : Similar(common, size, sizes[document]));
        pool.Add(query);
        return found;
    }

    private static bool AllOne(ReadOnlySpan<float> weights) => !weights.ContainsAnyExcept(1f);

    // Fills in the weights of a row and returns its size: the number of entries for set measures, the sum of squares otherwise.
    private double Weigh(ReadOnlySpan<int> terms, ReadOnlySpan<float> values, Span<float> weights)
    {
        var length = values.IsEmpty ? terms.Length : Sum(values);
        var size = 0.0;
        for (var entry = 0; entry < terms.Length; entry++)
        {
            var value = values.IsEmpty ? 1.0 : values[entry];
            weights[entry] = ComparesSets ? 1 : (float)(options.Weighting switch
            {
                TermWeighting.TfIdf => value * idf[terms[entry]],
                TermWeighting.Bm25 => idf[terms[entry]] * value * (K1 + 1) / (value + (K1 * (1 - B + (B * length / meanLength)))),
                _ => value,
            });
            size += (double)weights[entry] * weights[entry];
        }

        return size;
    }

    private float Similar(float common, double size, double otherSize)
    {
        var denominator = !options.Normalize ? 0 : options.Similarity switch
        {
            Similarity.AsymmetricCosine => Math.Pow(size, options.Alpha) * Math.Pow(otherSize, 1 - options.Alpha),
            Similarity.Jaccard => size + otherSize - common,
            Similarity.Dice => (size + otherSize) / 2,
            Similarity.Tversky => common + (options.Alpha * (size - common)) + (options.Beta * (otherSize - common)),
            _ => Math.Sqrt(size * otherSize),
        };

        // 2 n / (a + b + shrink) = n / ((a + b + shrink) / 2).
        denominator += options.Similarity == Similarity.Dice && options.Normalize ? options.Shrink / 2 : options.Shrink;
        return (float)(denominator > 0 ? common / denominator : common);
    }

    private static double Sum(ReadOnlySpan<float> values)
    {
        var sum = 0.0;
        foreach (var value in values)
        {
            sum += value;
        }

        return sum;
    }
}
