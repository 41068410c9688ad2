using Tastemaker.Data;

namespace Tastemaker.Solvers;

/// <summary>The product of sparse rows with a sparse matrix of item-to-item weights: the scores of truncated linear models.</summary>
internal static class SparseWeights
{
    /// <summary>
    /// Fills <paramref name="scores"/> [rows, items] with <c>row times weights</c>, in parallel over rows. Additions follow the order of the row,
    /// so a batch gives the bits of its members.
    /// </summary>
    /// <param name="rows">What is known of each request [rows, items].</param>
    /// <param name="weights">For each item of a history, the items it speaks for and how strongly [items, items].</param>
    /// <param name="scores">Receives the result.</param>
    public static unsafe void Score(SparseRows rows, SparseRows weights, Span<float> scores)
    {
        var items = weights.ColumnCount;
        ArgumentOutOfRangeException.ThrowIfNotEqual(scores.Length, checked(rows.RowCount * items));
        fixed (float* pointer = scores)
        {
            var address = (nint)pointer;
            Parallel.For(0, rows.RowCount, Parallelism.Loop(), row =>
            {
                var target = new Span<float>((float*)address + ((long)row * items), items);
                target.Clear();
                var sources = rows[row];
                var values = rows.RowValues(row);
                for (var entry = 0; entry < sources.Length; entry++)
                {
                    Scatter(weights[sources[entry]], weights.RowValues(sources[entry]), values.IsEmpty ? 1 : values[entry], target);
                }
            });
        }
    }

    /// <summary><c>target[columns] += scale * values</c>; without values, each counts 1.</summary>
    public static void Scatter(ReadOnlySpan<int> columns, ReadOnlySpan<float> values, float scale, Span<float> target)
    {
        if (values.IsEmpty)
        {
            foreach (var column in columns)
            {
                target[column] += scale;
            }

            return;
        }

        for (var entry = 0; entry < columns.Length; entry++)
        {
            target[columns[entry]] += scale * values[entry];
        }
    }

    /// <summary>A matrix from rows of columns and values that were made apart.</summary>
    public static SparseRows Join(IReadOnlyList<(int[] Columns, float[] Values)> rows, int columnCount)
    {
        var offsets = new int[rows.Count + 1];
        for (var row = 0; row < rows.Count; row++)
        {
            offsets[row + 1] = checked(offsets[row] + rows[row].Columns.Length);
        }

        var (columns, values) = (new int[offsets[^1]], new float[offsets[^1]]);
        for (var row = 0; row < rows.Count; row++)
        {
            rows[row].Columns.CopyTo(columns, offsets[row]);
            rows[row].Values.CopyTo(values, offsets[row]);
        }

        return new SparseRows(offsets, columns, columnCount, values);
    }
}
