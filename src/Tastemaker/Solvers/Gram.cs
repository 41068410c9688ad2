using Tastemaker.Data;

namespace Tastemaker.Solvers;

/// <summary>Products of a matrix with its own transpose, without ever making the matrix dense.</summary>
internal static class Gram
{
    // Fixed, so that the order of additions does not depend on the number of threads.
    private const int Parts = 16;

    /// <summary>
    /// Row <paramref name="item"/> of R^T R: how often (or, with values, how strongly) each item occurs together with it. The diagonal is included.
    /// </summary>
    /// <param name="byUser">R [users, items].</param>
    /// <param name="byItem">R^T [items, users].</param>
    /// <param name="item">The row.</param>
    /// <param name="row">Receives the row; length items.</param>
    public static void Row(SparseRows byUser, SparseRows byItem, int item, Span<float> row)
    {
        row.Clear();
        var users = byItem[item];
        var weights = byItem.RowValues(item);
        for (var entry = 0; entry < users.Length; entry++)
        {
            var items = byUser[users[entry]];
            var values = byUser.RowValues(users[entry]);
            if (values.IsEmpty)
            {
                foreach (var other in items)
                {
                    row[other]++;
                }

                continue;
            }

            for (var position = 0; position < items.Length; position++)
            {
                row[items[position]] += weights[entry] * values[position];
            }
        }
    }

    /// <summary>R^T R [items, items] row by row, in parallel.</summary>
    public static float[][] Dense(SparseRows byUser, ParallelOptions parallel)
    {
        var byItem = byUser.Transpose();
        var rows = new float[byUser.ColumnCount][];
        Parallel.For(0, rows.Length, parallel, item => Row(byUser, byItem, item, rows[item] = new float[rows.Length]));
        return rows;
    }

    /// <summary>Y^T Y [dimension, dimension] of a dense matrix Y [rows, dimension]; the same to the bit for any number of threads.</summary>
    public static SymmetricMatrix OfFactors(float[] factors, int dimension, ParallelOptions parallel)
    {
        var rows = factors.Length / dimension;
        var parts = new SymmetricMatrix[Math.Min(Parts, Math.Max(1, rows))];
        Parallel.For(0, parts.Length, parallel, part =>
        {
            parts[part] = new SymmetricMatrix(dimension);
            var end = (int)((long)rows * (part + 1) / parts.Length);
            for (var row = (int)((long)rows * part / parts.Length); row < end; row++)
            {
                parts[part].AddOuter(factors.AsSpan(row * dimension, dimension));
            }

            parts[part].Flush();
        });
        for (var part = 1; part < parts.Length; part++)
        {
            parts[0].Add(parts[part]);
        }

        return parts[0];
    }
}
