using static TorchSharp.torch;

namespace Tastemaker.Solvers;

/// <summary>
/// The inverse of a large symmetric positive definite matrix in its own place: Gauss and Jordan's elimination by blocks, as many operations as
/// Cholesky's factorization and inverse together, but no second matrix, nearly all of it matrix products, and a place to stop after each block.
/// </summary>
internal static class SymmetricInverse
{
    // Columns eliminated at a time: the products are fast from here on.
    private const int Block = 256;

    // Rows updated at a time: only cells up to the diagonal are, and this much beyond it.
    private const int Strip = 1024;

    /// <summary>Replaces a matrix by its inverse.</summary>
    /// <param name="matrix">[n, n], double precision, symmetric and positive definite; row-major.</param>
    /// <param name="cancellation">Stops between blocks; the matrix is then of no use.</param>
    public static void Invert(Tensor matrix, CancellationToken cancellation)
    {
        var order = matrix.shape[0];
        for (var first = 0L; first < order; first += Block)
        {
            cancellation.ThrowIfCancellationRequested();
            Eliminate(matrix, first, Math.Min(Block, order - first));
        }

        Mirror(matrix);
        matrix.neg_();
    }

    // One step turns A with pivot block D, panel C beside it and rest R into [-D^-1, D^-1 C^T; C D^-1, R - C D^-1 C^T]; after all of them A is
    // -A^-1. Kept are the cells up to the diagonal and the diagonal blocks whole.
    private static void Eliminate(Tensor matrix, long first, long size)
    {
        using var scope = NewDisposeScope();
        var (order, end) = (matrix.shape[0], first + size);
        var pivot = Cells(matrix, first, end, first, end);
        var inverse = cholesky_inverse(linalg.cholesky(pivot));
        var panel = cat([Cells(matrix, first, end, 0, first).t(), zeros([size, size], matrix.dtype), Cells(matrix, end, order, first, end)]); // [n, size]
        var scaled = panel.mm(inverse);
        for (var row = 0L; row < order; row += Strip)
        {
            var last = Math.Min(order, row + Strip);
            Cells(matrix, row, last, 0, last).addmm_(scaled.narrow(0, row, last - row), panel.narrow(0, 0, last).t(), 1, -1);
        }

        Cells(matrix, first, end, 0, first).copy_(scaled.narrow(0, 0, first).t());
        Cells(matrix, end, order, first, end).copy_(scaled.narrow(0, end, order - end));
        pivot.copy_(inverse.neg_());
    }

    private static void Mirror(Tensor matrix)
    {
        var order = matrix.shape[0];
        for (var first = 0L; first < order; first += Block)
        {
            using var scope = NewDisposeScope();
            var end = Math.Min(order, first + Block);
            Cells(matrix, first, end, end, order).copy_(Cells(matrix, end, order, first, end).t());
        }
    }

    private static Tensor Cells(Tensor matrix, long firstRow, long endRow, long firstColumn, long endColumn) =>
        matrix.narrow(0, firstRow, endRow - firstRow).narrow(1, firstColumn, endColumn - firstColumn);
}
