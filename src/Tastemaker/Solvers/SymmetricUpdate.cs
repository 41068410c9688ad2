using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Tastemaker.Solvers;

/// <summary>
/// <c>C += X^T X</c> and <c>C -= X^T X</c> on the lower triangle of C: where least squares spends its time. A tile of C, four rows by two SIMD
/// registers, stays in registers while all rows of X go by, so that eight multiply-adds cost six loads.
/// </summary>
internal static class SymmetricUpdate
{
    private const int TileRows = 4;

    private static int TileColumns => 2 * Vector<double>.Count;

    /// <summary>The order of the storage that holds a matrix of an order: whole tiles.</summary>
    public static int Padded(int order)
    {
        var tile = Math.Max(TileRows, TileColumns);
        return (order + tile - 1) / tile * tile;
    }

    /// <summary>
    /// Numbers from row to row of X: an odd number of cache lines, because rows a power of two apart would all compete for the same few places
    /// of the cache.
    /// </summary>
    public static int PanelStride(int order)
    {
        const int line = 64 / sizeof(double);
        return (((Padded(order) + line - 1) / line) | 1) * line;
    }

    /// <summary><c>C += X^T X</c>. Cells of C above the diagonal are left with anything.</summary>
    /// <param name="x">X, row-major; 0 from the columns it has up to <paramref name="order"/>.</param>
    /// <param name="xStride">Numbers from row to row of X.</param>
    /// <param name="rows">Rows of X.</param>
    /// <param name="cells">C, row-major.</param>
    /// <param name="stride">Numbers from row to row of C.</param>
    /// <param name="order">Rows and columns of C, whole tiles (see <see cref="Padded"/>).</param>
    public static void Add(ReadOnlySpan<double> x, int xStride, int rows, Span<double> cells, int stride, int order) =>
        Update(x, xStride, rows, cells, stride, order, 1);

    /// <summary><c>C -= X^T X</c>.</summary>
    /// <inheritdoc cref="Add"/>
    public static void Subtract(ReadOnlySpan<double> x, int xStride, int rows, Span<double> cells, int stride, int order) =>
        Update(x, xStride, rows, cells, stride, order, -1);

    private static void Update(ReadOnlySpan<double> x, int xStride, int rows, Span<double> cells, int stride, int order, double sign)
    {
        if (rows == 0 || order == 0)
        {
            return;
        }

        // The loop below does not check bounds.
        ArgumentOutOfRangeException.ThrowIfNotEqual(order % TileRows, 0);
        ArgumentOutOfRangeException.ThrowIfNotEqual(order % TileColumns, 0);
        ArgumentOutOfRangeException.ThrowIfLessThan(x.Length, ((rows - 1) * xStride) + order);
        ArgumentOutOfRangeException.ThrowIfLessThan(cells.Length, ((order - 1) * stride) + order);
        ref var source = ref MemoryMarshal.GetReference(x);
        ref var target = ref MemoryMarshal.GetReference(cells);
        for (var row = 0; row < order; row += TileRows)
        {
            for (var column = 0; column < row + TileRows; column += TileColumns)
            {
                Tile(
                    ref Unsafe.Add(ref source, row), ref Unsafe.Add(ref source, column), (nuint)xStride, rows,
                    ref Unsafe.Add(ref target, (nint)row * stride + column), (nuint)stride, new Vector<double>(sign));
            }
        }
    }

    // left: the numbers of four rows of C, one after another in a row of X; right: those of two registers of columns.
    private static void Tile(ref double left, ref double right, nuint xStride, int rows, ref double target, nuint stride, Vector<double> sign)
    {
        var width = (nuint)Vector<double>.Count;
        var (c00, c01, c10, c11) = (Vector<double>.Zero, Vector<double>.Zero, Vector<double>.Zero, Vector<double>.Zero);
        var (c20, c21, c30, c31) = (Vector<double>.Zero, Vector<double>.Zero, Vector<double>.Zero, Vector<double>.Zero);
        for (nuint at = 0; rows > 0; rows--, at += xStride)
        {
            var (b0, b1) = (Vector.LoadUnsafe(ref right, at), Vector.LoadUnsafe(ref right, at + width));
            var a0 = new Vector<double>(Unsafe.Add(ref left, at));
            var a1 = new Vector<double>(Unsafe.Add(ref left, at + 1));
            var a2 = new Vector<double>(Unsafe.Add(ref left, at + 2));
            var a3 = new Vector<double>(Unsafe.Add(ref left, at + 3));
            c00 = Vector.FusedMultiplyAdd(a0, b0, c00);
            c01 = Vector.FusedMultiplyAdd(a0, b1, c01);
            c10 = Vector.FusedMultiplyAdd(a1, b0, c10);
            c11 = Vector.FusedMultiplyAdd(a1, b1, c11);
            c20 = Vector.FusedMultiplyAdd(a2, b0, c20);
            c21 = Vector.FusedMultiplyAdd(a2, b1, c21);
            c30 = Vector.FusedMultiplyAdd(a3, b0, c30);
            c31 = Vector.FusedMultiplyAdd(a3, b1, c31);
        }

        AddRow(ref target, 0, width, sign, c00, c01);
        AddRow(ref target, stride, width, sign, c10, c11);
        AddRow(ref target, 2 * stride, width, sign, c20, c21);
        AddRow(ref target, 3 * stride, width, sign, c30, c31);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddRow(ref double target, nuint at, nuint width, Vector<double> sign, Vector<double> sum0, Vector<double> sum1)
    {
        Vector.FusedMultiplyAdd(sign, sum0, Vector.LoadUnsafe(ref target, at)).StoreUnsafe(ref target, at);
        Vector.FusedMultiplyAdd(sign, sum1, Vector.LoadUnsafe(ref target, at + width)).StoreUnsafe(ref target, at + width);
    }
}
