namespace Tastemaker.Solvers.FoldIn;

/// <summary>Squared error: (1 - s_i)^2, a mean over the history, and s_j^2, a mean over the others, as where each observed pair has one sampled negative.</summary>
internal sealed class SquaredLoss : FoldInLoss
{
    /// <inheritdoc/>
    public override double Curvature => 4; // 2 q q' in each of the two means

    /// <inheritdoc/>
    public override void Weigh(ReadOnlySpan<float> history, ReadOnlySpan<float> others, Span<float> pull, Span<float> push)
    {
        for (var item = 0; item < history.Length; item++)
        {
            pull[item] = 2 * (1 - history[item]) / history.Length;
        }

        for (var item = 0; item < others.Length; item++)
        {
            push[item] = 2 * others[item] / others.Length;
        }
    }
}
