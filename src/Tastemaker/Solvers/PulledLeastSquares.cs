using Tastemaker.Data;

namespace Tastemaker.Solvers;

/// <summary>
/// The steps of U and V in sum C_ij (R_ij - u_i . v_j)^2 / 2 + lambda_u / 2 sum |u_i|^2 + lambda_v / 2 sum |v_j - theta_j|^2, with C = a where there is an interaction and b elsewhere (Wang and Blei 2011): each side is independent weighted
/// least squares while the other is fixed.
/// </summary>
/// <param name="byUser">R [users, items], with ones.</param>
/// <param name="dimension">K.</param>
internal sealed class PulledLeastSquares(SparseRows byUser, int dimension)
{
    private readonly SparseRows byItem = byUser.Transpose();

    /// <summary>a: weight of observed pairs.</summary>
    public required double ObservedWeight { get; init; }

    /// <summary>b: weight of all other pairs.</summary>
    public required double UnobservedWeight { get; init; }

    /// <summary>lambda_u.</summary>
    public required double UserWeight { get; init; }

    /// <summary>lambda_v.</summary>
    public required double ItemWeight { get; init; }

    /// <summary>u_i = (V^T C_i V + lambda_u I)^-1 V^T C_i R_i; 0 for users without interactions.</summary>
    /// <param name="items">V [items, K].</param>
    /// <param name="counted">The rows of V that count as pairs: all of them, or those of items with interactions.</param>
    /// <param name="users">Receives U.</param>
    /// <param name="parallel">The threads.</param>
    /// <returns>False where there is no unique solution.</returns>
    public bool SolveUsers(float[] items, float[] counted, float[] users, ParallelOptions parallel) =>
        ForUsers(items, counted, parallel).SolveAll(byUser, _ => UserWeight, null, users, parallel);

    /// <summary>v_j = (U^T C_j U + lambda_v I)^-1 (U^T C_j R_j + lambda_v theta_j); theta_j for items without interactions.</summary>
    /// <param name="users">U [users, K].</param>
    /// <param name="codes">theta [items, K].</param>
    /// <param name="items">Receives V.</param>
    /// <param name="parallel">The threads.</param>
    /// <returns>False where there is no unique solution.</returns>
    public bool SolveItems(float[] users, float[] codes, float[] items, ParallelOptions parallel) =>
        Problem(users, Gram.OfFactors(users, dimension, parallel)).SolveAll(byItem, _ => ItemWeight, codes, items, parallel);

    /// <summary>sum C_ij (R_ij - u_i . v_j)^2 / 2.</summary>
    public double Errors(float[] users, float[] items, float[] counted, ParallelOptions parallel) =>
        WeightedErrors.Of(byUser, users, items, counted, dimension, ObservedWeight, UnobservedWeight, parallel) / 2;

    /// <summary>The equations of users, from which a cold-start user is solved for too.</summary>
    public AlternatingRidge ForUsers(float[] items, float[] counted, ParallelOptions parallel) => Problem(items, Gram.OfFactors(counted, dimension, parallel));

    private AlternatingRidge Problem(float[] source, SymmetricMatrix gram) => new(source, dimension, gram)
    {
        Background = UnobservedWeight,
        Square = ObservedWeight - UnobservedWeight,
        Linear = ObservedWeight,
    };
}
