using static TorchSharp.torch;

namespace Tastemaker.Nn;

/// <summary>Losses that several systems share: pure functions from scores to a scalar.</summary>
public static class Losses
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
    /// Softmax cross-entropy of each row's item among the items of the batch, mean over rows (Yi et al. 2019, eq. 4 and 5), and further items
    /// that all rows share. Popular items serve as negatives more often than others: subtracting the log of how likely an item is to be a column
    /// corrects that. Another column with the row's own item is no negative and has no part.
    /// </summary>
    /// <param name="scores">Scores of each row's request for each column's item [B, C], C at least B; row i's item is column i.</param>
    /// <param name="items">The items of the columns [C].</param>
    /// <param name="logFrequency">Log of the expected number of columns with each item [C], up to a constant; null for no correction.</param>
    public static Tensor InBatchSoftmax(Tensor scores, Tensor items, Tensor? logFrequency = null)
    {
        var corrected = logFrequency is null ? scores : scores - logFrequency.unsqueeze(0);
        var own = eye(scores.shape[0], scores.shape[1], ScalarType.Bool, items.device);
        var same = items.unsqueeze(0).eq(items.narrow(0, 0, scores.shape[0]).unsqueeze(1)).logical_and(own.logical_not());
        return (corrected.masked_fill(same, float.NegativeInfinity).logsumexp(1) - corrected.diagonal()).mean();
    }

    /// <summary>
    /// Softmax cross-entropy of each row's item among items drawn for all rows alike, mean over rows (Covington et al. 2016, section 3.1; Bengio and
    /// Senecal 2008): from each score, the row's own included, the log of the expected number of draws of its item is subtracted. A drawn
    /// item that is the row's own has no part.
    /// </summary>
    /// <param name="chosen">Scores of the rows' own items [B].</param>
    /// <param name="drawn">Scores of the drawn items [B, S].</param>
    /// <param name="chosenItems">The rows' own items [B].</param>
    /// <param name="drawnItems">The drawn items [S].</param>
    /// <param name="chosenLogCounts">Log of expected draws [B]; null for no correction.</param>
    /// <param name="drawnLogCounts">Log of expected draws [S].</param>
    public static Tensor SampledSoftmax(
        Tensor chosen, Tensor drawn, Tensor chosenItems, Tensor drawnItems, Tensor? chosenLogCounts = null, Tensor? drawnLogCounts = null)
    {
        var own = (chosenLogCounts is null ? chosen : chosen - chosenLogCounts).unsqueeze(1); // [B, 1]
        var others = drawnLogCounts is null ? drawn : drawn - drawnLogCounts.unsqueeze(0);
        var hits = drawnItems.unsqueeze(0).eq(chosenItems.unsqueeze(1));
        return (cat([own, others.masked_fill(hits, float.NegativeInfinity)], 1).logsumexp(1) - own.squeeze(1)).mean();
    }

    /// <summary>
    /// Logistic loss whose positives count as much as they weigh, mean over rows (Covington et al. 2016, section 4.2): -w log sigma(s) for label 1,
    /// -log(1 - sigma(s)) for label 0. The odds exp(s) it learns are the sum of the weights over the number of negatives.
    /// </summary>
    /// <param name="logits">Scores s [B].</param>
    /// <param name="labels">1 or 0 [B].</param>
    /// <param name="weights">Weights of the positives [B]; not read where the label is 0.</param>
    /// <param name="countPositivesAsNegatives">Whether each positive counts once more with label 0, so that the odds are the sum of the weights over the number of rows.</param>
    public static Tensor WeightedLogistic(Tensor logits, Tensor labels, Tensor weights, bool countPositivesAsNegatives = false)
    {
        var negatives = countPositivesAsNegatives ? ones_like(labels) : 1 - labels;
        return ((labels * weights * nn.functional.softplus(-logits)) + (negatives * nn.functional.softplus(logits))).mean();
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
