namespace Tastemaker.Solvers.FoldIn;

/// <summary>BPR: -ln sigma(s_i - s_j), a mean over all pairs of an item of the history and another.</summary>
internal sealed class ComparisonLoss : FoldInLoss
{
    /// <inheritdoc/>
    public override double Curvature => 1; // sigma' <= 1/4, and |q_i - q_j|^2 <= 4 max |q|^2

    /// <inheritdoc/>
    public override void Weigh(ReadOnlySpan<float> history, ReadOnlySpan<float> others, Span<float> pull, Span<float> push)
    {
        push.Clear();
        var lost = new float[others.Length]; // sigma(s_j - s_i)
        var share = 1f / (history.Length * others.Length);
        for (var item = 0; item < history.Length; item++)
        {
            pull[item] = share * Vectors.Logistic(others, history[item], lost);
            Vectors.AddScaled(push, share, lost);
        }
    }
}
