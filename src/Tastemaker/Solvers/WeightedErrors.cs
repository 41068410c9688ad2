using Tastemaker.Data;

namespace Tastemaker.Solvers;

/// <summary>sum C_ij (R_ij - u_i . v_j)^2 over all pairs of user and item, with C = a where there is an interaction, and C = b and R = 0 elsewhere.</summary>
internal static class WeightedErrors
{
    /// <summary>The sum; the same to the bit for any number of threads.</summary>
    /// <param name="byUser">R [users, items]; 1 where it has no values.</param>
    /// <param name="users">U [users, K].</param>
    /// <param name="items">V [items, K].</param>
    /// <param name="counted">The rows of V that count as pairs that were not observed.</param>
    /// <param name="dimension">K.</param>
    /// <param name="observed">a.</param>
    /// <param name="unobserved">b.</param>
    /// <param name="parallel">The threads.</param>
    public static double Of(SparseRows byUser, float[] users, float[] items, float[] counted, int dimension, double observed, double unobserved, ParallelOptions parallel)
    {
        var sums = new double[byUser.RowCount]; // added in their order, so that the sum does not depend on the number of threads
        Parallel.For(0, sums.Length, parallel, user =>
        {
            var columns = byUser[user];
            var values = byUser.RowValues(user);
            for (var entry = 0; entry < columns.Length; entry++)
            {
                double score = Vectors.Dot(users.AsSpan(user * dimension, dimension), items.AsSpan(columns[entry] * dimension, dimension));
                var error = (values.IsEmpty ? 1 : values[entry]) - score;
                sums[user] += (observed * error * error) - (unobserved * score * score);
            }
        });
        return sums.Sum() + (unobserved > 0 ? unobserved * All(users, counted, dimension, parallel) : 0);
    }

    // sum (u . v)^2 over all pairs is the inner product of the two Gram matrices.
    private static double All(float[] users, float[] items, int dimension, ParallelOptions parallel)
    {
        var (ofUsers, ofItems) = (Gram.OfFactors(users, dimension, parallel), Gram.OfFactors(items, dimension, parallel));
        var all = 0.0;
        for (var row = 0; row < dimension; row++)
        {
            for (var column = 0; column < dimension; column++)
            {
                all += ofUsers[row, column] * ofItems[row, column];
            }
        }

        return all;
    }
}
