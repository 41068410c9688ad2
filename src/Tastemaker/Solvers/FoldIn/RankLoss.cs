namespace Tastemaker.Solvers.FoldIn;

/// <summary>WARP: for each item i of the history, its estimated rank's weight times the mean hinge m - s_i + s_j over the others that come within the margin.</summary>
/// <param name="margin">m.</param>
/// <param name="weights">The weight of each rank from 0 on, one an item of the catalog.</param>
internal sealed class RankLoss(float margin, float[] weights) : FoldInLoss
{
    /// <inheritdoc/>
    public override double Curvature => 0;

    /// <inheritdoc/>
    public override void Weigh(ReadOnlySpan<float> history, ReadOnlySpan<float> others, Span<float> pull, Span<float> push)
    {
        push.Clear();
        for (var item = 0; item < history.Length; item++)
        {
            var (bar, violators) = (history[item] - margin, 0);
            foreach (var score in others)
            {
                violators += score > bar ? 1 : 0;
            }

            var rank = (int)((long)violators * (weights.Length - 1) / others.Length);
            pull[item] = violators == 0 ? 0 : weights[rank] / history.Length;
            for (var other = 0; violators > 0 && other < others.Length; other++)
            {
                push[other] += others[other] > bar ? pull[item] / violators : 0;
            }
        }
    }
}
