namespace Tastemaker.Solvers;

/// <summary>
/// One side of a factorization with an L1 penalty, the other side given: each row minimizes sum C_k (r_k - x . y_k)^2 / 2 + lambda |x|_1 by split Bregman iteration (Goldstein and Osher 2009), with C = a for observed pairs and C = b, r = 0 for all
/// others. The row is split into x, which is a least-squares solution, and d, which is exactly sparse, with a Bregman variable for their difference:
/// x = (Y^T C Y + mu I)^-1 (Y^T C r + mu (d - bregman)); d = shrink(x + bregman, lambda / mu); bregman = bregman + x - d.
/// </summary>
/// <param name="source">The other side, y [rows, K].</param>
/// <param name="dimension">K.</param>
/// <param name="gram">Sum of y y^T over all pairs; only read where b is above 0.</param>
internal sealed class SplitBregman(float[] source, int dimension, SymmetricMatrix gram)
{
    /// <summary>a: weight of observed pairs.</summary>
    public double ObservedWeight { get; init; } = 1;

    /// <summary>b: weight of all other pairs.</summary>
    public required double UnobservedWeight { get; init; }

    /// <summary>lambda.</summary>
    public required double Penalty { get; init; }

    /// <summary>mu: how strongly x and d are held together. It changes the speed, not the solution.</summary>
    public double Coupling { get; init; } = 1;

    /// <summary>Iterations per solve; the matrix is factorized once for all of them.</summary>
    public int Iterations { get; init; } = 1;

    /// <summary>Solves one row, going on from where d and its Bregman variable stand.</summary>
    /// <param name="columns">The row's entries; without any, d is 0.</param>
    /// <param name="values">r, beside them; empty where all are 1.</param>
    /// <param name="equations">Room for the equations.</param>
    /// <param name="d">d [K], changed in place.</param>
    /// <param name="bregman">The Bregman variable [K], changed in place.</param>
    /// <returns>False where there is no unique solution, which mu above 0 prevents but for numbers beyond all bounds.</returns>
    public bool Solve(ReadOnlySpan<int> columns, ReadOnlySpan<float> values, SymmetricMatrix equations, Span<float> d, Span<float> bregman)
    {
        if (columns.IsEmpty)
        {
            d.Clear();
            bregman.Clear();
            return true;
        }

        equations.Become(gram, UnobservedWeight);
        equations.AddToDiagonal(Coupling);
        Span<double> right = new double[dimension];
        for (var entry = 0; entry < columns.Length; entry++)
        {
            var vector = source.AsSpan(columns[entry] * dimension, dimension);
            equations.AddOuter(vector, ObservedWeight - UnobservedWeight);
            Vectors.AddScaled(right, ObservedWeight * (values.IsEmpty ? 1 : values[entry]), vector);
        }

        if (!equations.Factorize())
        {
            return false;
        }

        Span<double> x = new double[dimension];
        for (var iteration = 0; iteration < Iterations; iteration++)
        {
            for (var index = 0; index < dimension; index++)
            {
                x[index] = right[index] + (Coupling * ((double)d[index] - bregman[index]));
            }

            equations.Substitute(x);
            for (var index = 0; index < dimension; index++)
            {
                var sum = x[index] + bregman[index];
                var shrunk = Math.Sign(sum) * Math.Max(Math.Abs(sum) - (Penalty / Coupling), 0);
                (d[index], bregman[index]) = ((float)shrunk, (float)(sum - shrunk));
            }
        }

        return true;
    }

    /// <summary>Solves every row, in parallel; the result does not depend on the number of threads.</summary>
    /// <param name="rows">The entries of each row.</param>
    /// <param name="d">d of each row [rows, K], changed in place.</param>
    /// <param name="bregman">The Bregman variables [rows, K], changed in place.</param>
    /// <param name="parallel">The threads.</param>
    /// <returns>False where a row has no unique solution.</returns>
    public bool SolveAll(Data.SparseRows rows, float[] d, float[] bregman, ParallelOptions parallel)
    {
        var singular = 0;
        Parallel.For(0, rows.RowCount, parallel, () => new SymmetricMatrix(dimension), (row, _, equations) =>
        {
            var place = row * dimension;
            if (!Solve(rows[row], rows.RowValues(row), equations, d.AsSpan(place, dimension), bregman.AsSpan(place, dimension)))
            {
                Interlocked.Exchange(ref singular, 1);
            }

            return equations;
        }, _ => { });
        return singular == 0;
    }
}
