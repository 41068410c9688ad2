using static TorchSharp.torch;

namespace Tastemaker.Nn;

/// <summary>Losses that several systems share: pure functions from scores to a scalar.</summary>
internal static class Losses
{
    /// <summary>Mean of -log sigma(s) over positives and -log(1 - sigma(s)) over negatives, from logits, so that it cannot overflow.</summary>
    /// <param name="logits">Scores [B].</param>
    /// <param name="labels">1 for positives, 0 for negatives, or probabilities between [B].</param>
    public static Tensor Logistic(Tensor logits, Tensor labels) => nn.functional.binary_cross_entropy_with_logits(logits, labels);

    /// <summary>Mean of -log sigma(positive - negative) (Rendle et al. 2009); shapes broadcast.</summary>
    public static Tensor Bpr(Tensor positives, Tensor negatives) => nn.functional.softplus(negatives - positives).mean();

    /// <summary>
    /// Of several items each that were not chosen, the scores of those that the model now ranks highest: dynamic negative sampling
    /// (Zhang et al. 2013). The gradient reaches these alone.
    /// </summary>
    /// <param name="negatives">Scores [B, candidates].</param>
    /// <returns>[B, 1].</returns>
    public static Tensor Hardest(Tensor negatives) => negatives.amax([1], keepdim: true);

    /// <summary>
    /// Softmax cross-entropy of each row's item among the items of the batch, mean over rows (Yi et al. 2019, eq. 4 and 5). Popular items serve as
    /// negatives more often than others: subtracting the log of how likely an item is to be in a batch corrects that. Another row with the
    /// same item is no negative and has no part.
    /// </summary>
    /// <param name="scores">Scores of each row's request for each row's item [B, B].</param>
    /// <param name="items">The items [B].</param>
    /// <param name="logFrequency">Log of the probability of each item in a slot of a batch [B], up to a constant; null for no correction.</param>
    public static Tensor InBatchSoftmax(Tensor scores, Tensor items, Tensor? logFrequency = null)
    {
        var corrected = logFrequency is null ? scores : scores - logFrequency.unsqueeze(0);
        var own = eye(items.shape[0], items.shape[0], ScalarType.Bool, items.device);
        var same = items.unsqueeze(0).eq(items.unsqueeze(1)).logical_and(own.logical_not());
        return (corrected.masked_fill(same, float.NegativeInfinity).logsumexp(1) - corrected.diagonal()).mean();
    }

    /// <summary>
    /// Minus the log-likelihood of whole rows under a multinomial, mean over rows (Liang et al. 2018, eq. 2): N_u logsumexp(s_u) - sum of the
    /// scores of u's items. The target stays sparse; no second [B, items] is built.
    /// </summary>
    /// <param name="logits">Scores [B, items].</param>
    /// <param name="items">Items of all rows [nnz].</param>
    /// <param name="offsets">Row starts [B + 1].</param>
    public static Tensor Multinomial(Tensor logits, Tensor items, Tensor offsets)
    {
        var rows = logits.shape[0];
        var counts = offsets.narrow(0, 1, rows) - offsets.narrow(0, 0, rows);
        var starts = arange(rows, int64, logits.device).repeat_interleave(counts.to(int64)) * logits.shape[1];
        var chosen = logits.flatten().index_select(0, starts + items); // [nnz]
        return ((counts * logits.logsumexp(1)).sum() - chosen.sum()) / rows;
    }

    /// <summary>KL(N(mean, exp(logVariance)) || N(0, 1)), summed over dimensions, mean over rows (Kingma and Welling 2014).</summary>
    /// <param name="mean">[B, K].</param>
    /// <param name="logVariance">[B, K].</param>
    public static Tensor GaussianDivergence(Tensor mean, Tensor logVariance) =>
        0.5 * (mean.square() + logVariance.exp() - 1 - logVariance).sum(1).mean();
}
