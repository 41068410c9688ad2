using System.Numerics;
using System.Runtime.InteropServices;

namespace Tastemaker.Solvers;

/// <summary>Inner products of some vectors with all vectors of a table: the scores of factor models.</summary>
internal static class DotProducts
{
    private const int Group = 4;

    /// <summary>
    /// Fills <paramref name="scores"/> [queries, rows] with <c>query . row + offset of the query + bias of the row</c>.
    /// Each number is computed in the same way whatever else is computed beside it, so a batch gives the bits of its members. Parallel over
    /// groups of queries.
    /// </summary>
    /// <param name="queries">Vectors [queries, dimension].</param>
    /// <param name="table">Vectors [rows, dimension].</param>
    /// <param name="dimension">Length of a vector.</param>
    /// <param name="offsets">One number a query.</param>
    /// <param name="bias">One number a row of the table.</param>
    /// <param name="scores">Receives the result.</param>
    public static unsafe void Fill(float[] queries, float[] table, int dimension, float[] offsets, float[] bias, Span<float> scores)
    {
        var (count, rows) = (queries.Length / dimension, table.Length / dimension);
        ArgumentOutOfRangeException.ThrowIfNotEqual(scores.Length, checked(count * rows));
        fixed (float* pointer = scores)
        {
            // A span cannot enter a lambda; the pinned address can, and Parallel.For returns before the pin ends.
            var address = (nint)pointer;
            Parallel.For(0, (count + Group - 1) / Group, group =>
            {
                var first = group * Group;
                var size = Math.Min(Group, count - first);
                var target = new Span<float>((float*)address + ((long)first * rows), size * rows);
                FillGroup(queries.AsSpan(first * dimension, size * dimension), table, dimension, bias, target);
                for (var query = 0; query < size; query++)
                {
                    AddTo(target.Slice(query * rows, rows), offsets[first + query]);
                }
            });
        }
    }

    private static void AddTo(Span<float> values, float offset)
    {
        foreach (ref var value in values)
        {
            value += offset;
        }
    }

    // Four queries share each load of a table row; fewer than four are padded by repeating the last.
    private static void FillGroup(ReadOnlySpan<float> queries, float[] table, int dimension, float[] bias, Span<float> scores)
    {
        var (size, rows) = (queries.Length / dimension, table.Length / dimension);
        var (s1, s2, s3) = (Math.Min(1, size - 1), Math.Min(2, size - 1), Math.Min(3, size - 1));
        var q0 = queries[..dimension];
        var q1 = queries.Slice(s1 * dimension, dimension);
        var q2 = queries.Slice(s2 * dimension, dimension);
        var q3 = queries.Slice(s3 * dimension, dimension);
        for (var row = 0; row < rows; row++)
        {
            var products = Dot4(q0, q1, q2, q3, table.AsSpan(row * dimension, dimension));
            scores[row] = products[0] + bias[row];
            scores[(s1 * rows) + row] = products[1] + bias[row];
            scores[(s2 * rows) + row] = products[2] + bias[row];
            scores[(s3 * rows) + row] = products[3] + bias[row];
        }
    }

    private static Vector4 Dot4(
        ReadOnlySpan<float> q0, ReadOnlySpan<float> q1, ReadOnlySpan<float> q2, ReadOnlySpan<float> q3, ReadOnlySpan<float> row)
    {
        var x = MemoryMarshal.Cast<float, Vector<float>>(row);
        var v0 = MemoryMarshal.Cast<float, Vector<float>>(q0)[..x.Length];
        var v1 = MemoryMarshal.Cast<float, Vector<float>>(q1)[..x.Length];
        var v2 = MemoryMarshal.Cast<float, Vector<float>>(q2)[..x.Length];
        var v3 = MemoryMarshal.Cast<float, Vector<float>>(q3)[..x.Length];
        var (a0, a1, a2, a3) = (Vector<float>.Zero, Vector<float>.Zero, Vector<float>.Zero, Vector<float>.Zero);
        for (var block = 0; block < x.Length; block++)
        {
            a0 = Vector.FusedMultiplyAdd(v0[block], x[block], a0);
            a1 = Vector.FusedMultiplyAdd(v1[block], x[block], a1);
            a2 = Vector.FusedMultiplyAdd(v2[block], x[block], a2);
            a3 = Vector.FusedMultiplyAdd(v3[block], x[block], a3);
        }

        var result = new Vector4(Vector.Sum(a0), Vector.Sum(a1), Vector.Sum(a2), Vector.Sum(a3));
        for (var rest = x.Length * Vector<float>.Count; rest < row.Length; rest++)
        {
            result += new Vector4(q0[rest], q1[rest], q2[rest], q3[rest]) * row[rest];
        }

        return result;
    }
}
