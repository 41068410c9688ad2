using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Tastemaker.Scoring;

/// <summary>
/// Inner products of query vectors with the 64 rows of one panel of <see cref="PackedVectors"/>. Six queries by four (or two) vectors of sums stay in
/// registers while a dimension of the panel is loaded once for all six. Every sum is one chain of fused multiply-adds in the order of the
/// dimensions, whatever the width of the processor's vectors and whatever is computed beside it: its bits are the same alone, in a batch and on
/// another machine.
/// </summary>
internal static unsafe class PanelKernel
{
    /// <summary>Rows of a panel.</summary>
    public const int Rows = 64;

    private const int Group = 6;

    /// <summary>Writes <c>max(query . row + rowBias + queryBias, floor)</c>.</summary>
    /// <param name="queries">Vectors [count, dimension].</param>
    /// <param name="count">Number of queries.</param>
    /// <param name="dimension">Length of a vector.</param>
    /// <param name="panel">The panel [dimension, 64].</param>
    /// <param name="rowBias">One number a row of the panel [64].</param>
    /// <param name="queryBias">One number a query [count].</param>
    /// <param name="floor">0 for a rectifier, negative infinity for none. NaN stays NaN.</param>
    /// <param name="results">Receives [count, 64].</param>
    /// <param name="stride">Numbers from one row of <paramref name="results"/> to the next.</param>
    public static void Multiply(
        float* queries, int count, int dimension, float* panel, float* rowBias, float* queryBias, float floor, float* results, nint stride)
    {
        var query = 0;
        for (; query <= count - Group; query += Group)
        {
            var first = queries + ((nint)query * dimension);
            var target = results + (query * stride);
            if (Vector512.IsHardwareAccelerated)
            {
                Six512(first, dimension, panel, rowBias, queryBias + query, floor, target, stride);
            }
            else
            {
                Six256(first, dimension, panel, rowBias, queryBias + query, floor, target, stride);
            }
        }

        for (; query < count; query++)
        {
            var first = queries + ((nint)query * dimension);
            var target = results + (query * stride);
            if (Vector512.IsHardwareAccelerated)
            {
                One512(first, dimension, panel, rowBias, queryBias[query], floor, target);
            }
            else
            {
                One256(first, dimension, panel, rowBias, queryBias[query], floor, target);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Six512(float* query, int dimension, float* panel, float* rowBias, float* queryBias, float floor, float* results, nint stride)
    {
        float* q0 = query, q1 = q0 + dimension, q2 = q1 + dimension, q3 = q2 + dimension, q4 = q3 + dimension, q5 = q4 + dimension;
        Vector512<float> a0 = default, a1 = default, a2 = default, a3 = default, b0 = default, b1 = default, b2 = default, b3 = default;
        Vector512<float> c0 = default, c1 = default, c2 = default, c3 = default, d0 = default, d1 = default, d2 = default, d3 = default;
        Vector512<float> e0 = default, e1 = default, e2 = default, e3 = default, f0 = default, f1 = default, f2 = default, f3 = default;
        for (nint k = 0; k < dimension; k++, panel += Rows)
        {
            var (p0, p1, p2, p3) = (Vector512.Load(panel), Vector512.Load(panel + 16), Vector512.Load(panel + 32), Vector512.Load(panel + 48));
            Add(Vector512.Create(q0[k]), p0, p1, p2, p3, ref a0, ref a1, ref a2, ref a3);
            Add(Vector512.Create(q1[k]), p0, p1, p2, p3, ref b0, ref b1, ref b2, ref b3);
            Add(Vector512.Create(q2[k]), p0, p1, p2, p3, ref c0, ref c1, ref c2, ref c3);
            Add(Vector512.Create(q3[k]), p0, p1, p2, p3, ref d0, ref d1, ref d2, ref d3);
            Add(Vector512.Create(q4[k]), p0, p1, p2, p3, ref e0, ref e1, ref e2, ref e3);
            Add(Vector512.Create(q5[k]), p0, p1, p2, p3, ref f0, ref f1, ref f2, ref f3);
        }

        Store(a0, a1, a2, a3, rowBias, queryBias[0], floor, results);
        Store(b0, b1, b2, b3, rowBias, queryBias[1], floor, results + stride);
        Store(c0, c1, c2, c3, rowBias, queryBias[2], floor, results + (2 * stride));
        Store(d0, d1, d2, d3, rowBias, queryBias[3], floor, results + (3 * stride));
        Store(e0, e1, e2, e3, rowBias, queryBias[4], floor, results + (4 * stride));
        Store(f0, f1, f2, f3, rowBias, queryBias[5], floor, results + (5 * stride));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void One512(float* query, int dimension, float* panel, float* rowBias, float queryBias, float floor, float* results)
    {
        Vector512<float> s0 = default, s1 = default, s2 = default, s3 = default;
        for (nint k = 0; k < dimension; k++, panel += Rows)
        {
            Add(
                Vector512.Create(query[k]), Vector512.Load(panel), Vector512.Load(panel + 16), Vector512.Load(panel + 32), Vector512.Load(panel + 48),
                ref s0, ref s1, ref s2, ref s3);
        }

        Store(s0, s1, s2, s3, rowBias, queryBias, floor, results);
    }

    // Sixteen registers hold twelve sums, two vectors of the panel and one query: the panel is gone through in quarters.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Six256(float* query, int dimension, float* panel, float* rowBias, float* queryBias, float floor, float* results, nint stride)
    {
        float* q0 = query, q1 = q0 + dimension, q2 = q1 + dimension, q3 = q2 + dimension, q4 = q3 + dimension, q5 = q4 + dimension;
        for (var quarter = 0; quarter < Rows; quarter += 16)
        {
            Vector256<float> a0 = default, a1 = default, b0 = default, b1 = default, c0 = default, c1 = default;
            Vector256<float> d0 = default, d1 = default, e0 = default, e1 = default, f0 = default, f1 = default;
            var part = panel + quarter;
            for (nint k = 0; k < dimension; k++, part += Rows)
            {
                var (p0, p1) = (Vector256.Load(part), Vector256.Load(part + 8));
                Add(Vector256.Create(q0[k]), p0, p1, ref a0, ref a1);
                Add(Vector256.Create(q1[k]), p0, p1, ref b0, ref b1);
                Add(Vector256.Create(q2[k]), p0, p1, ref c0, ref c1);
                Add(Vector256.Create(q3[k]), p0, p1, ref d0, ref d1);
                Add(Vector256.Create(q4[k]), p0, p1, ref e0, ref e1);
                Add(Vector256.Create(q5[k]), p0, p1, ref f0, ref f1);
            }

            var bias = rowBias + quarter;
            var target = results + quarter;
            Store(a0, a1, bias, queryBias[0], floor, target);
            Store(b0, b1, bias, queryBias[1], floor, target + stride);
            Store(c0, c1, bias, queryBias[2], floor, target + (2 * stride));
            Store(d0, d1, bias, queryBias[3], floor, target + (3 * stride));
            Store(e0, e1, bias, queryBias[4], floor, target + (4 * stride));
            Store(f0, f1, bias, queryBias[5], floor, target + (5 * stride));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void One256(float* query, int dimension, float* panel, float* rowBias, float queryBias, float floor, float* results)
    {
        Vector256<float> s0 = default, s1 = default, s2 = default, s3 = default, s4 = default, s5 = default, s6 = default, s7 = default;
        for (nint k = 0; k < dimension; k++, panel += Rows)
        {
            var x = Vector256.Create(query[k]);
            Add(x, Vector256.Load(panel), Vector256.Load(panel + 8), ref s0, ref s1);
            Add(x, Vector256.Load(panel + 16), Vector256.Load(panel + 24), ref s2, ref s3);
            Add(x, Vector256.Load(panel + 32), Vector256.Load(panel + 40), ref s4, ref s5);
            Add(x, Vector256.Load(panel + 48), Vector256.Load(panel + 56), ref s6, ref s7);
        }

        Store(s0, s1, rowBias, queryBias, floor, results);
        Store(s2, s3, rowBias + 16, queryBias, floor, results + 16);
        Store(s4, s5, rowBias + 32, queryBias, floor, results + 32);
        Store(s6, s7, rowBias + 48, queryBias, floor, results + 48);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(
        Vector512<float> x,
        Vector512<float> p0, Vector512<float> p1, Vector512<float> p2, Vector512<float> p3,
        ref Vector512<float> s0, ref Vector512<float> s1, ref Vector512<float> s2, ref Vector512<float> s3)
    {
        s0 = Vector512.FusedMultiplyAdd(x, p0, s0);
        s1 = Vector512.FusedMultiplyAdd(x, p1, s1);
        s2 = Vector512.FusedMultiplyAdd(x, p2, s2);
        s3 = Vector512.FusedMultiplyAdd(x, p3, s3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(Vector256<float> x, Vector256<float> p0, Vector256<float> p1, ref Vector256<float> s0, ref Vector256<float> s1)
    {
        s0 = Vector256.FusedMultiplyAdd(x, p0, s0);
        s1 = Vector256.FusedMultiplyAdd(x, p1, s1);
    }

    // Of a number and NaN, the processor's maximum gives the second: the sum, so that diverged weights show.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(
        Vector512<float> s0, Vector512<float> s1, Vector512<float> s2, Vector512<float> s3, float* rowBias, float queryBias, float floor, float* result)
    {
        var (offset, least) = (Vector512.Create(queryBias), Vector512.Create(floor));
        Vector512.MaxNative(least, s0 + Vector512.Load(rowBias) + offset).Store(result);
        Vector512.MaxNative(least, s1 + Vector512.Load(rowBias + 16) + offset).Store(result + 16);
        Vector512.MaxNative(least, s2 + Vector512.Load(rowBias + 32) + offset).Store(result + 32);
        Vector512.MaxNative(least, s3 + Vector512.Load(rowBias + 48) + offset).Store(result + 48);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector256<float> s0, Vector256<float> s1, float* rowBias, float queryBias, float floor, float* result)
    {
        var (offset, least) = (Vector256.Create(queryBias), Vector256.Create(floor));
        Vector256.MaxNative(least, s0 + Vector256.Load(rowBias) + offset).Store(result);
        Vector256.MaxNative(least, s1 + Vector256.Load(rowBias + 8) + offset).Store(result + 8);
    }
}
