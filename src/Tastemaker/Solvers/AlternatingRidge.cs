using Tastemaker.Data;

namespace Tastemaker.Solvers;

/// <summary>
/// One side of a factorization by weighted least squares over all pairs, the other side given (Hu, Koren and Volinsky 2008). For a row with entries k the
/// minimum of sum_k w_k (q (x . y_k)^2 - 2 l x . y_k) + background sum over all y of (x . y)^2 + ridge |x - prior|^2, which costs what the row holds because
/// the sum over all is the Gram matrix of the other side.
/// </summary>
/// <param name="source">The other side, y [rows, dimension].</param>
/// <param name="dimension">Length of a vector.</param>
/// <param name="gram">Sum of y y^T over what counts as all pairs.</param>
internal sealed class AlternatingRidge(float[] source, int dimension, SymmetricMatrix gram)
{
    /// <summary>Weight of all pairs, observed or not.</summary>
    public required double Background { get; init; }

    /// <summary>q: what an observed pair weighs beyond that; at least 0.</summary>
    public double Square { get; init; } = 1;

    /// <summary>l: how strongly an observed pair is drawn to 1.</summary>
    public double Linear { get; init; } = 1;

    /// <summary>Solves one row: x = (background Y^T Y + q sum w y y^T + ridge I)^-1 (l sum w y + ridge prior).</summary>
    /// <param name="columns">The row's entries; without any, x is the prior.</param>
    /// <param name="weights">w, beside them; empty where all are 1.</param>
    /// <param name="ridge">The ridge.</param>
    /// <param name="prior">Where the ridge draws x to; empty for 0.</param>
    /// <param name="equations">Room for the equations.</param>
    /// <param name="x">Receives the solution.</param>
    /// <returns>False where there is no unique solution.</returns>
    public bool Solve(
        ReadOnlySpan<int> columns, ReadOnlySpan<float> weights, double ridge, ReadOnlySpan<float> prior, SymmetricMatrix equations, Span<float> x)
    {
        x.Clear();
        prior.CopyTo(x);
        if (columns.IsEmpty)
        {
            return true;
        }

        equations.Become(gram, Background);
        equations.AddToDiagonal(ridge);
        Span<double> right = new double[dimension];
        if (!prior.IsEmpty)
        {
            Vectors.AddScaled(right, ridge, prior);
        }

        for (var entry = 0; entry < columns.Length; entry++)
        {
            var vector = source.AsSpan(columns[entry] * dimension, dimension);
            double weight = weights.IsEmpty ? 1 : weights[entry];
            equations.AddOuter(vector, Square * weight);
            Vectors.AddScaled(right, Linear * weight, vector);
        }

        var solved = equations.Solve(right);
        for (var index = 0; solved && index < right.Length; index++)
        {
            x[index] = (float)right[index];
        }

        return solved;
    }

    /// <summary>Solves every row, in parallel; the result does not depend on the number of threads.</summary>
    /// <param name="rows">The entries of each row.</param>
    /// <param name="ridge">The ridge of each row.</param>
    /// <param name="priors">A prior a row [rows, dimension]; null for 0.</param>
    /// <param name="target">Receives [rows, dimension].</param>
    /// <param name="parallel">The threads.</param>
    /// <returns>False where a row has no unique solution.</returns>
    public bool SolveAll(SparseRows rows, Func<int, double> ridge, float[]? priors, float[] target, ParallelOptions parallel)
    {
        var singular = 0;
        Parallel.For(0, rows.RowCount, parallel, () => new SymmetricMatrix(dimension), (row, _, equations) =>
        {
            var place = row * dimension;
            var prior = priors is null ? [] : priors.AsSpan(place, dimension);
            if (!Solve(rows[row], rows.RowValues(row), ridge(row), prior, equations, target.AsSpan(place, dimension)))
            {
                Interlocked.Exchange(ref singular, 1);
            }

            return equations;
        }, _ => { });
        return singular == 0;
    }
}
