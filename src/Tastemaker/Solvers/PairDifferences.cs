namespace Tastemaker.Solvers;

/// <summary>
/// Least squares over all pairs of an item that a user has and one that it lacks, with the items' vectors given: the minimum over u of
/// weight / 2 sum_jk (1 - u . (v_j - v_k))^2 + ridge / 2 |u|^2, without going through pairs. With p items that the user has, n that it lacks, and vectors
/// taken from their mean m over the catalog, the sum of d d^T over d = v_j - v_k is n S+ + p S- + 2 s s^T, where S are the sums of (v - m)(v - m)^T on
/// either side and s is that of v - m over the items the user has; the sum of d is (n + p) s. A constant added to all vectors changes nothing.
/// </summary>
internal sealed class PairDifferences
{
    private readonly int dimension;
    private readonly int items;
    private readonly float[] centred;
    private readonly SymmetricMatrix all;

    /// <summary>Prepares a catalog.</summary>
    /// <param name="vectors">v [items, dimension].</param>
    /// <param name="dimension">Length of a vector.</param>
    /// <param name="parallel">The threads.</param>
    public PairDifferences(float[] vectors, int dimension, ParallelOptions parallel)
    {
        this.dimension = dimension;
        items = vectors.Length / dimension;
        centred = [.. vectors];
        var mean = new double[dimension];
        for (var item = 0; item < items; item++)
        {
            Vectors.AddScaled(mean, 1.0 / items, vectors.AsSpan(item * dimension, dimension));
        }

        float[] shift = [.. mean.Select(value => (float)value)];
        for (var item = 0; item < items; item++)
        {
            Vectors.AddScaled(centred.AsSpan(item * dimension, dimension), -1, shift);
        }

        all = Gram.OfFactors(centred, dimension, parallel);
    }

    /// <summary>The sum of d d^T over all pairs of a user (lower triangle), and that of d.</summary>
    /// <param name="has">The user's items, distinct, ascending.</param>
    /// <param name="squares">Receives the sum of d d^T.</param>
    /// <param name="sum">Receives the sum of d.</param>
    public void Sums(ReadOnlySpan<int> has, SymmetricMatrix squares, Span<double> sum)
    {
        var (p, n) = (has.Length, items - has.Length);

        // S- = S - S+: whichever side is smaller is gone through, so that all weights are at least 0.
        squares.Become(all, Math.Min(p, n));
        sum.Clear();
        foreach (var item in has)
        {
            Vectors.AddScaled(sum, 1, Vector(item));
        }

        float[] s = [.. sum.ToArray().Select(value => (float)value)];
        squares.AddOuter(s, 2);
        var next = 0;
        for (var item = 0; p > n && item < items; item++)
        {
            var isOwn = next < p && has[next] == item;
            next += isOwn ? 1 : 0;
            if (!isOwn)
            {
                squares.AddOuter(Vector(item), p - n);
            }
        }

        for (var entry = 0; p < n && entry < p; entry++)
        {
            squares.AddOuter(Vector(has[entry]), n - p);
        }

        Vectors.Scale(sum, items, sum);
        squares.Flush();
    }

    /// <summary>The user's vector; 0 where it has no item or all of them.</summary>
    /// <param name="has">The user's items, distinct, ascending.</param>
    /// <param name="weight">What a pair weighs.</param>
    /// <param name="ridge">The ridge.</param>
    /// <param name="u">Receives the vector.</param>
    /// <returns>False where there is no unique solution.</returns>
    public bool Solve(ReadOnlySpan<int> has, double weight, double ridge, Span<float> u)
    {
        u.Clear();
        if (has.IsEmpty || has.Length == items)
        {
            return true;
        }

        var (squares, equations) = (new SymmetricMatrix(dimension), new SymmetricMatrix(dimension));
        var right = new double[dimension];
        Sums(has, squares, right);
        equations.Become(squares, weight);
        equations.AddToDiagonal(ridge);
        Vectors.Scale(right, weight, right);
        var solved = equations.Solve(right);
        for (var index = 0; solved && index < right.Length; index++)
        {
            u[index] = (float)right[index];
        }

        return solved;
    }

    private ReadOnlySpan<float> Vector(int item) => centred.AsSpan(item * dimension, dimension);
}
