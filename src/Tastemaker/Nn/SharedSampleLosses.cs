using Tastemaker.Batches;
using static TorchSharp.torch;

namespace Tastemaker.Nn;

/// <summary>
/// Losses over scores [M, C], C >= M, where row i's positive is column i and every other column is a negative: the targets of the other rows,
/// and samples shared by all rows (Hidasi and Karatzoglou 2018). One loss a row [M]; callers sum or average. C >= 2.
/// </summary>
internal static class SharedSampleLosses
{
    /// <summary>-log of the positive's softmax probability.</summary>
    public static Tensor CrossEntropy(Tensor scores) => scores.logsumexp(1) - Positives(scores).squeeze(1);

    /// <summary>Mean over negatives of -log sigma(r_i - r_j).</summary>
    public static Tensor Bpr(Tensor scores) => MeanOverNegatives(nn.functional.softplus(scores - Positives(scores)));

    /// <summary>Mean over negatives of sigma(r_j - r_i) + sigma(r_j^2).</summary>
    public static Tensor Top1(Tensor scores) => MeanOverNegatives(Top1Terms(scores));

    /// <summary>Sum over negatives of s_j (sigma(r_j - r_i) + sigma(r_j^2)), s the softmax of the negatives' scores.</summary>
    public static Tensor Top1Max(Tensor scores) => (SoftmaxOfNegatives(scores) * Top1Terms(scores)).sum(1);

    /// <summary>-log sum of s_j sigma(r_i - r_j), plus <paramref name="regularization"/> times the sum of s_j r_j^2, over negatives.</summary>
    public static Tensor BprMax(Tensor scores, double regularization)
    {
        var weights = SoftmaxOfNegatives(scores);
        var wins = (weights * (Positives(scores) - scores).sigmoid()).sum(1);
        var loss = -(wins + 1e-24).log();
        return regularization == 0 ? loss : loss + (regularization * (weights * scores.square()).sum(1));
    }

    private static Tensor Positives(Tensor scores) => scores.diagonal().unsqueeze(1); // [M, 1]

    private static Tensor Top1Terms(Tensor scores) => (scores - Positives(scores)).sigmoid() + scores.square().sigmoid();

    private static Tensor MeanOverNegatives(Tensor terms) => (terms.sum(1) - terms.diagonal()) / (terms.shape[1] - 1);

    private static Tensor SoftmaxOfNegatives(Tensor scores)
    {
        // The positive leaves before the exponential: a weight of exactly 0 and no part in the normalizer.
        var diagonal = eye(scores.shape[0], scores.shape[1], ScalarType.Bool, scores.device);
        return scores.masked_fill(diagonal, float.NegativeInfinity).softmax(1);
    }
}
