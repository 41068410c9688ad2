using System.Numerics;
using System.Runtime.InteropServices;

namespace Tastemaker.Solvers;

/// <summary>
/// A symmetric positive definite matrix of small order and the solution of linear systems with it: the normal equations of least squares, in
/// double precision. Only the lower triangle is meaningful. Rows are padded to whole SIMD registers. Not thread-safe.
/// </summary>
internal sealed class SymmetricMatrix
{
    private const int Group = 4;
    private readonly int stride;
    private readonly double[] cells;
    private readonly double[] pending;
    private int pendingCount;

    /// <summary>The zero matrix of an order.</summary>
    public SymmetricMatrix(int order)
    {
        Order = order;
        stride = (order + Vector<double>.Count - 1) / Vector<double>.Count * Vector<double>.Count;
        cells = new double[order * stride];
        pending = new double[Group * stride];
    }

    /// <summary>Number of rows.</summary>
    public int Order { get; }

    /// <summary>An element; row and column in either order.</summary>
    public double this[int row, int column] => row >= column ? cells[(row * stride) + column] : cells[(column * stride) + row];

    /// <summary>Makes it the zero matrix again.</summary>
    public void Clear()
    {
        Array.Clear(cells);
        pendingCount = 0;
    }

    /// <summary>Adds another matrix of the same order, complete (see <see cref="Flush"/>), times a factor.</summary>
    public void Add(SymmetricMatrix other, double factor)
    {
        for (var cell = 0; cell < cells.Length; cell++)
        {
            cells[cell] += factor * other.cells[cell];
        }
    }

    /// <summary>Adds a number to the diagonal.</summary>
    public void AddToDiagonal(double value)
    {
        for (var row = 0; row < Order; row++)
        {
            cells[(row * stride) + row] += value;
        }
    }

    /// <summary>Adds <c>weight x x^T</c>. Outer products are gathered and added four at a time, which reads the matrix a quarter as often.</summary>
    public void AddOuter(ReadOnlySpan<float> x, double weight = 1)
    {
        var root = Math.Sqrt(weight);
        var row = pending.AsSpan(pendingCount * stride, stride);
        for (var column = 0; column < x.Length; column++)
        {
            row[column] = root * x[column];
        }

        if (++pendingCount == Group)
        {
            Flush();
        }
    }

    /// <summary>
    /// Solves <c>A x = right</c> in place by Cholesky's factorisation; the matrix is destroyed. False if it is not positive definite.
    /// </summary>
    public bool Solve(Span<double> right)
    {
        Flush();
        return Factorize() && Substitute(right);
    }

    /// <summary>Completes pending additions, after which elements may be read.</summary>
    public void Flush()
    {
        if (pendingCount == 0)
        {
            return;
        }

        pending.AsSpan(pendingCount * stride).Clear();
        var x = MemoryMarshal.Cast<double, Vector<double>>(pending);
        var blocks = stride / Vector<double>.Count;
        var x0 = x[..blocks];
        var x1 = x.Slice(blocks, blocks);
        var x2 = x.Slice(2 * blocks, blocks);
        var x3 = x.Slice(3 * blocks, blocks);
        for (var row = 0; row < Order; row++)
        {
            var target = MemoryMarshal.Cast<double, Vector<double>>(cells.AsSpan(row * stride, stride));
            var (f0, f1) = (new Vector<double>(pending[row]), new Vector<double>(pending[stride + row]));
            var (f2, f3) = (new Vector<double>(pending[(2 * stride) + row]), new Vector<double>(pending[(3 * stride) + row]));
            for (var block = 0; block <= row / Vector<double>.Count; block++)
            {
                var sum = Vector.FusedMultiplyAdd(f0, x0[block], target[block]);
                sum = Vector.FusedMultiplyAdd(f1, x1[block], sum);
                sum = Vector.FusedMultiplyAdd(f2, x2[block], sum);
                target[block] = Vector.FusedMultiplyAdd(f3, x3[block], sum);
            }
        }

        pendingCount = 0;
    }

    // A = L L^T row by row: both operands of every inner product are contiguous.
    private bool Factorize()
    {
        for (var row = 0; row < Order; row++)
        {
            var current = cells.AsSpan(row * stride, row + 1);
            for (var column = 0; column < row; column++)
            {
                var other = cells.AsSpan(column * stride, column + 1);
                current[column] = (current[column] - Vectors.Dot(current[..column], other)) / other[column];
            }

            var pivot = current[row] - Vectors.Dot(current[..row], current);
            if (!(pivot > 0))
            {
                return false;
            }

            current[row] = Math.Sqrt(pivot);
        }

        return true;
    }

    private bool Substitute(Span<double> right)
    {
        for (var row = 0; row < Order; row++)
        {
            var factor = cells.AsSpan(row * stride, row + 1);
            right[row] = (right[row] - Vectors.Dot(factor[..row], right)) / factor[row];
        }

        for (var row = Order - 1; row >= 0; row--)
        {
            right[row] /= cells[(row * stride) + row];
            for (var column = 0; column < row; column++)
            {
                right[column] -= cells[(row * stride) + column] * right[row];
            }
        }

        return true;
    }
}
