using Tastemaker.Data;

namespace Tastemaker.Solvers;

/// <summary>
/// The steps of U and V in sum C_ij (R_ij - u_i . v_j)^2 / 2 + lambda_u / 2 sum |u_i|^2 + lambda_v / 2 sum |v_j - theta_j|^2, with C = a where there is an interaction and b elsewhere (Wang and Blei 2011): each side is independent weighted
/// least squares while the other is fixed.
/// </summary>
/// <param name="system">Named in errors.</param>
/// <param name="byUser">R [users, items], with ones.</param>
/// <param name="dimension">K.</param>
/// <param name="weights">a, b, lambda_u and lambda_v.</param>
internal sealed class PulledLeastSquares(string system, SparseRows byUser, int dimension, PulledWeights weights)
{
    private readonly SparseRows byItem = byUser.Transpose();

    /// <summary>u_i = (V^T C_i V + lambda_u I)^-1 V^T C_i R_i; 0 for users without interactions.</summary>
    /// <param name="items">V [items, K].</param>
    /// <param name="counted">The rows of V that count as pairs: all of them, or those of items with interactions.</param>
    /// <param name="users">Receives U.</param>
    /// <param name="parallel">The threads.</param>
    /// <exception cref="InputException">There is no unique solution.</exception>
    public void SolveUsers(float[] items, float[] counted, float[] users, ParallelOptions parallel) =>
        Demand(ForUsers(items, counted, parallel).SolveAll(byUser, _ => weights.User, null, users, parallel), "user-weight", weights.User);

    /// <summary>v_j = (U^T C_j U + lambda_v I)^-1 (U^T C_j R_j + lambda_v theta_j); theta_j for items without interactions.</summary>
    /// <param name="users">U [users, K].</param>
    /// <param name="codes">theta [items, K].</param>
    /// <param name="items">Receives V.</param>
    /// <param name="parallel">The threads.</param>
    /// <exception cref="InputException">There is no unique solution.</exception>
    public void SolveItems(float[] users, float[] codes, float[] items, ParallelOptions parallel) =>
        Demand(Problem(users, Gram.OfFactors(users, dimension, parallel)).SolveAll(byItem, _ => weights.Item, codes, items, parallel), "item-weight", weights.Item);

    /// <summary>sum C_ij (R_ij - u_i . v_j)^2 / 2.</summary>
    public double Errors(float[] users, float[] items, float[] counted, ParallelOptions parallel) =>
        WeightedErrors.Of(byUser, users, items, counted, dimension, weights.Observed, weights.Unobserved, parallel) / 2;

    /// <summary>The equations of users, from which a cold-start user is solved for too.</summary>
    public AlternatingRidge ForUsers(float[] items, float[] counted, ParallelOptions parallel) => Problem(items, Gram.OfFactors(counted, dimension, parallel));

    private AlternatingRidge Problem(float[] source, SymmetricMatrix gram) => new(source, dimension, gram)
    {
        Background = weights.Unobserved,
        Square = weights.Observed - weights.Unobserved,
        Linear = weights.Observed,
    };

    private void Demand(bool isSolved, string option, double value)
    {
        if (!isSolved)
        {
            throw new InputException($"{system} met equations without a unique solution; raise {option} above {value} or unobserved-weight above 0.");
        }
    }
}

/// <summary>The weights of <see cref="PulledLeastSquares"/>.</summary>
/// <param name="Observed">a: weight of observed pairs.</param>
/// <param name="Unobserved">b: weight of all other pairs, at most a.</param>
/// <param name="User">lambda_u.</param>
/// <param name="Item">lambda_v.</param>
internal sealed record PulledWeights(double Observed, double Unobserved, double User, double Item)
{
    /// <summary>The same weights.</summary>
    /// <param name="system">Named in errors.</param>
    /// <exception cref="InputException">Pairs that were not observed weigh more than observed ones.</exception>
    public PulledWeights Checked(string system) => Unobserved <= Observed ? this
        : throw new InputException($"{system}: unobserved-weight ({Unobserved}) must not be above observed-weight ({Observed}).");
}
