namespace Tastemaker.Solvers.FoldIn;

/// <summary>
/// What a system's loss asks of a user's vector, as pulls towards the items of a history and pushes from others: its gradient is
/// -sum_i pull_i q_i + sum_j push_j q_j + penalty p.
/// </summary>
internal abstract class FoldInLoss
{
    /// <summary>The L2 penalty beside it.</summary>
    public double Penalty { get; init; }

    /// <summary>The length that the vector may not exceed; infinite for none.</summary>
    public double MaximumNorm { get; init; } = double.PositiveInfinity;

    /// <summary>
    /// How fast the gradient may change with the vector, beside the largest squared length of an item's vector; 0 where the loss has corners, so that only steps
    /// of falling length settle.
    /// </summary>
    public abstract double Curvature { get; }

    /// <summary>The loss of one request, for losses in which items weigh differently; by default this one, which knows scores alone.</summary>
    /// <param name="history">The items of the history.</param>
    /// <param name="others">The other items, in the order of their scores in <see cref="Weigh"/>.</param>
    public virtual FoldInLoss For(int[] history, int[] others) => this;

    /// <summary>Writes the pulls and pushes at some scores, a mean over the history.</summary>
    /// <param name="history">Scores of the items of the history.</param>
    /// <param name="others">Scores of the other items, a uniform sample.</param>
    /// <param name="pull">Receives a number an item of the history.</param>
    /// <param name="push">Receives a number an other item.</param>
    public abstract void Weigh(ReadOnlySpan<float> history, ReadOnlySpan<float> others, Span<float> pull, Span<float> push);
}
