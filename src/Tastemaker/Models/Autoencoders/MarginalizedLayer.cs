using static TorchSharp.torch;

namespace Tastemaker.Models.Autoencoders;

/// <summary>
/// A linear denoising layer that has seen infinitely many corrupted copies of its input (Chen et al. 2012), in closed form: with S = X X^T and q the chance that
/// a feature is kept, E[Xbar Xtil^T]_ab = S_ab q_b and E[Xtil Xtil^T]_ab = S_ab q_a q_b, but S_aa q_a on the diagonal, which is the whole point: a feature is kept
/// once, not twice.
/// </summary>
internal static class MarginalizedLayer
{
    /// <summary>What makes singular equations regular.</summary>
    public const double Ridge = 1e-5;

    /// <summary>E[Xbar Xtil^T] [p, p].</summary>
    /// <param name="gram">S [p, p].</param>
    /// <param name="keep">q [p].</param>
    public static Tensor Target(Tensor gram, Tensor keep) => gram * keep;

    /// <summary>E[Xtil Xtil^T] [p, p].</summary>
    /// <param name="gram">S [p, p].</param>
    /// <param name="keep">q [p].</param>
    public static Tensor Moment(Tensor gram, Tensor keep)
    {
        var moment = gram * keep * keep.unsqueeze(1);
        moment.diagonal().add_(gram.diagonal() * keep * (1 - keep));
        return moment;
    }

    /// <summary>The reconstruction alone, transposed: W^T [p, p] with W = E[Xbar Xtil^T] (E[Xtil Xtil^T] + 1e-5 I)^-1.</summary>
    public static Tensor Alone(Tensor gram, Tensor keep)
    {
        using var scope = NewDisposeScope();
        return Solve(Target(gram, keep).t(), Factor(Moment(gram, keep))).MoveToOuterDisposeScope();
    }

    /// <summary>The solution of equations by their factor [n, k].</summary>
    /// <param name="right">[n, k].</param>
    /// <param name="factor">As <see cref="Factor"/> gives it.</param>
    public static Tensor Solve(Tensor right, Tensor factor)
    {
        using var scope = NewDisposeScope();
        var half = linalg.solve_triangular(factor, right, upper: false);
        return linalg.solve_triangular(factor.t(), half, upper: true).MoveToOuterDisposeScope();
    }

    /// <summary>Cholesky's factor of a matrix with the ridge, lower; the matrix is changed.</summary>
    public static Tensor Factor(Tensor matrix)
    {
        matrix.diagonal().add_(Ridge);
        return linalg.cholesky(matrix);
    }
}
