using static TorchSharp.torch;

namespace Tastemaker.Models.Autoregressive;

/// <summary>Costs of the true level of a rating under scores of all K levels.</summary>
internal static class OrdinalCost
{
    /// <summary>-log softmax at the true level: the cost of unordered classes.</summary>
    /// <param name="scores">[n, K].</param>
    /// <param name="level">[n], int64, from 0.</param>
    /// <returns>[n].</returns>
    public static Tensor Regular(Tensor scores, Tensor level) => scores.logsumexp(1) - scores.gather(1, level.unsqueeze(1)).squeeze(1);

    /// <summary>
    /// -log of the probability that the true level k is ranked before k - 1 before ... 1, and before k + 1 before ... K (Zheng et al. 2016,
    /// section 4): two Plackett-Luce chains, by running log-sums from both ends, which stay finite whatever the scores.
    /// </summary>
    /// <param name="scores">[n, K].</param>
    /// <param name="level">[n], int64, from 0.</param>
    /// <returns>[n].</returns>
    public static Tensor Ordinal(Tensor scores, Tensor level)
    {
        var place = arange(scores.shape[1], int64, scores.device); // [K]
        var truth = level.unsqueeze(1); // [n, 1]
        var below = scores.logcumsumexp(1) - scores; // log of the sum over t <= j of exp(s_t - s_j)
        var above = scores.flip(1).logcumsumexp(1).flip(1) - scores; // over t >= j
        var none = zeros(1, scores.dtype, scores.device);
        return (below.where(place <= truth, none) + above.where(place >= truth, none)).sum(1);
    }
}
