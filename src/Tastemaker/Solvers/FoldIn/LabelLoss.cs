namespace Tastemaker.Solvers.FoldIn;

/// <summary>Logistic loss: -ln sigma(s_i) of the history and, for each of its items, -ln(1 - sigma(s_j)) of so many others, a mean over the history.</summary>
/// <param name="negatives">Others beside each item of the history.</param>
internal sealed class LabelLoss(double negatives) : FoldInLoss
{
    /// <inheritdoc/>
    public override double Curvature => (1 + negatives) / 4;

    /// <inheritdoc/>
    public override void Weigh(ReadOnlySpan<float> history, ReadOnlySpan<float> others, Span<float> pull, Span<float> push)
    {
        for (var item = 0; item < history.Length; item++)
        {
            pull[item] = 1 / ((1 + MathF.Exp(history[item])) * history.Length);
        }

        Vectors.Logistic(others, 0, push);
        var share = (float)(negatives / others.Length);
        foreach (ref var force in push)
        {
            force *= share;
        }
    }
}
