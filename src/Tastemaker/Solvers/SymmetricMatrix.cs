namespace Tastemaker.Solvers;

/// <summary>
/// A symmetric positive definite matrix of small order and the solution of linear systems with it: the normal equations of least squares, in
/// double precision. Only the lower triangle is meaningful. Not thread-safe.
/// </summary>
/// <remarks>
/// Both what is expensive, sums of outer products and Cholesky's factorization, is left to <see cref="SymmetricUpdate"/>: outer products are
/// gathered and added many at a time, and the factorization goes by blocks of columns whose effect on the rest is such an update.
/// </remarks>
internal sealed class SymmetricMatrix
{
    // Outer products added at a time: enough that a cell is loaded and stored seldom.
    private const int Group = 32;

    // Columns factorized at a time: few, because within a block nothing is as fast as the update of the rest.
    private const int Block = 16;
    private readonly int stride;
    private readonly int panelStride;
    private readonly double[] cells;
    private readonly double[] panel;
    private int pending;

    /// <summary>The zero matrix of an order.</summary>
    public SymmetricMatrix(int order)
    {
        Order = order;
        stride = SymmetricUpdate.Padded(order);
        panelStride = SymmetricUpdate.PanelStride(order);
        cells = new double[stride * stride];
        panel = new double[Group * panelStride];
    }

    /// <summary>Number of rows.</summary>
    public int Order { get; }

    /// <summary>An element; row and column in either order.</summary>
    public double this[int row, int column] => row >= column ? cells[(row * stride) + column] : cells[(column * stride) + row];

    /// <summary>Makes it another matrix of the same order, complete (see <see cref="Flush"/>), times a factor.</summary>
    public void Become(SymmetricMatrix other, double factor)
    {
        pending = 0;
        for (var row = 0; row < Order; row++)
        {
            // Cells right of the diagonal mean nothing, so they are not worth copying.
            Vectors.Scale(cells.AsSpan(row * stride, row + 1), factor, other.cells.AsSpan(row * stride, row + 1));
        }
    }

    /// <summary>Adds another matrix of the same order, complete (see <see cref="Flush"/>), times a factor.</summary>
    public void Add(SymmetricMatrix other, double factor = 1) => Vectors.AddScaled(cells, factor, other.cells);

    /// <summary>Adds a number to the diagonal.</summary>
    public void AddToDiagonal(double value)
    {
        for (var row = 0; row < Order; row++)
        {
            cells[(row * stride) + row] += value;
        }
    }

    /// <summary>Adds <c>weight x x^T</c>, weight at least 0; the sum is complete after <see cref="Flush"/>.</summary>
    public void AddOuter(ReadOnlySpan<float> x, double weight = 1)
    {
        var row = panel.AsSpan(pending * panelStride, Order);
        Vectors.Scale(row, weight == 1 ? 1 : Math.Sqrt(weight), x);
        if (++pending == Group)
        {
            Flush();
        }
    }

    /// <summary>
    /// Solves <c>A x = right</c> in place by Cholesky's factorization; the matrix is destroyed. False if it is not positive definite.
    /// </summary>
    public bool Solve(Span<double> right)
    {
        if (!Factorize())
        {
            return false;
        }

        Substitute(right);
        return true;
    }

    /// <summary>Completes pending additions, after which elements may be read.</summary>
    public void Flush()
    {
        SymmetricUpdate.Add(panel, panelStride, pending, cells, stride, stride);
        pending = 0;
    }

    /// <summary>Replaces A by its Cholesky factor, for <see cref="Substitute"/>. False if it is not positive definite.</summary>
    public bool Factorize()
    {
        Flush();

        // A = L L^T, a block of columns at a time: the block itself, the rows below it, and then their products leave the rest.
        for (var first = 0; first < Order; first += Block)
        {
            var end = Math.Min(Order, first + Block);
            if (!FactorizeBlock(first, end))
            {
                return false;
            }

            if (end < Order)
            {
                SolveBelow(first, end);
                SymmetricUpdate.Subtract(panel, panelStride, end - first, cells.AsSpan((end * stride) + end), stride, stride - end);
            }
        }

        return true;
    }

    /// <summary>Solves <c>A x = right</c> in place for an A that was factorized (<see cref="Factorize"/>), as often as wanted.</summary>
    public void Substitute(Span<double> right)
    {
        for (var row = 0; row < Order; row++)
        {
            var factor = cells.AsSpan(row * stride, row + 1);
            right[row] = (right[row] - Vectors.Dot(factor[..row], right)) / factor[row];
        }

        for (var row = Order - 1; row >= 0; row--)
        {
            var factor = cells.AsSpan(row * stride, row + 1);
            right[row] /= factor[row];
            Vectors.AddScaled(right[..row], -right[row], factor);
        }
    }

    // Rows first..end of the factor within columns first..end: both operands of every inner product are contiguous.
    private bool FactorizeBlock(int first, int end)
    {
        for (var row = first; row < end; row++)
        {
            var current = cells.AsSpan((row * stride) + first, row - first + 1);
            for (var column = 0; column < row - first; column++)
            {
                var other = cells.AsSpan(((first + column) * stride) + first, column + 1);
                current[column] = (current[column] - Vectors.Dot(current[..column], other)) / other[column];
            }

            var pivot = current[^1] - Vectors.Dot(current[..^1], current);
            if (!(pivot > 0))
            {
                return false;
            }

            current[^1] = Math.Sqrt(pivot);
        }

        return true;
    }

    // Columns first..end of the rows from `end` on, held transposed in the panel, where a column of the factor is contiguous.
    private void SolveBelow(int first, int end)
    {
        var below = Order - end;
        for (var column = first; column < end; column++)
        {
            var target = panel.AsSpan((column - first) * panelStride, panelStride);
            for (var row = 0; row < below; row++)
            {
                target[row] = cells[((end + row) * stride) + column];
            }

            target[below..].Clear();
            var factor = cells.AsSpan(column * stride, column + 1);
            for (var other = first; other < column; other++)
            {
                Vectors.AddScaled(target[..below], -factor[other], panel.AsSpan((other - first) * panelStride, below));
            }

            Vectors.Scale(target[..below], 1 / factor[column], target[..below]);
            for (var row = 0; row < below; row++)
            {
                cells[((end + row) * stride) + column] = target[row];
            }
        }
    }
}
