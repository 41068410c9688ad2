using Tastemaker.Evaluation.Clicks;

namespace Tastemaker.Evaluation.Metrics;

/// <summary>Metrics of pairs with 0/1 labels, as in click prediction. A NaN score is refused.</summary>
internal static class PairMetrics
{
    /// <summary>The probability held this far from 0 and 1 when its logarithm is taken.</summary>
    public const double Clamp = 1e-7;

    /// <summary>
    /// The chance that a positive scores above a negative, equal scores counting half; NaN where one class is missing.
    /// </summary>
    public static double Auc(ReadOnlySpan<bool> labels, ReadOnlySpan<float> scores)
    {
        Check(labels, scores);
        return SortingAuc(labels.ToArray(), scores.ToArray());
    }

    /// <summary>
    /// The AUC of each group of rows, weighted by the group's rows (impressions) or positives; groups with one class only are left out; NaN
    /// where none remains.
    /// </summary>
    public static double GroupAuc(RowGroups groups, ReadOnlySpan<bool> labels, ReadOnlySpan<float> scores, GroupWeight weight)
    {
        var aucs = GroupAucs(groups, labels, scores);
        double sum = 0, weights = 0;
        for (var group = 0; group < aucs.Length; group++)
        {
            if (!double.IsNaN(aucs[group]))
            {
                var own = weight == GroupWeight.Impressions ? groups[group].Length : CountPositives(groups[group], labels);
                sum += own * aucs[group];
                weights += own;
            }
        }

        return sum / weights;
    }

    /// <summary>The AUC of each group of rows; NaN where a group has one class only.</summary>
    public static double[] GroupAucs(RowGroups groups, ReadOnlySpan<bool> labels, ReadOnlySpan<float> scores)
    {
        Check(labels, scores);
        var aucs = new double[groups.Count];
        var (ownLabels, ownScores) = (new bool[labels.Length], new float[labels.Length]);
        for (var group = 0; group < aucs.Length; group++)
        {
            var rows = groups[group];
            for (var place = 0; place < rows.Length; place++)
            {
                (ownLabels[place], ownScores[place]) = (labels[rows[place]], scores[rows[place]]);
            }

            aucs[group] = SortingAuc(ownLabels.AsSpan(0, rows.Length), ownScores.AsSpan(0, rows.Length));
        }

        return aucs;
    }

    /// <summary>
    /// The area under the curve of precision over recall as average precision: the sum over distinct scores, descending, of the recall gained
    /// times the precision down to there. NaN without positives; the share of positives for a constant score.
    /// </summary>
    public static double PrecisionRecallAuc(ReadOnlySpan<bool> labels, ReadOnlySpan<float> scores)
    {
        Check(labels, scores);
        var (positive, order) = (labels.ToArray(), scores.ToArray());
        Array.Sort(order, positive);
        double found = 0, sum = 0;
        for (int start = order.Length - 1, end; start >= 0; start = end)
        {
            var gained = 0;
            for (end = start; end >= 0 && order[end] == order[start]; end--)
            {
                gained += positive[end] ? 1 : 0;
            }

            found += gained;
            sum += gained * found / (order.Length - 1 - end);
        }

        return found > 0 ? sum / found : double.NaN;
    }

    /// <summary>Mean negative log-likelihood of the labels under predicted probabilities; NaN without rows.</summary>
    public static double LogLoss(ReadOnlySpan<bool> labels, ReadOnlySpan<float> probabilities)
    {
        Check(labels, probabilities);
        var sum = 0.0;
        for (var row = 0; row < labels.Length; row++)
        {
            sum += LogLoss(labels[row], probabilities[row]);
        }

        return sum / labels.Length;
    }

    /// <summary>The negative log-likelihood of one label.</summary>
    public static double LogLoss(bool label, float probability)
    {
        var held = Math.Clamp((double)probability, Clamp, 1 - Clamp);
        return -Math.Log(label ? held : 1 - held);
    }

    /// <summary>The share of labels that predictions of 0.5 and above as 1, below as 0, get right; NaN without rows.</summary>
    public static double Accuracy(ReadOnlySpan<bool> labels, ReadOnlySpan<float> probabilities)
    {
        Check(labels, probabilities);
        var right = 0;
        for (var row = 0; row < labels.Length; row++)
        {
            right += IsRight(labels[row], probabilities[row]) ? 1 : 0;
        }

        return (double)right / labels.Length;
    }

    /// <summary>Whether the likelier label is the true one.</summary>
    public static bool IsRight(bool label, float probability) => probability >= 0.5f == label;

    /// <summary>
    /// Log loss relative to that of always predicting the share of positives: below 1 where something was learned; NaN where one class is missing.
    /// </summary>
    public static double NormalizedEntropy(ReadOnlySpan<bool> labels, ReadOnlySpan<float> probabilities)
    {
        var rate = labels.Count(true) / (double)labels.Length;
        return LogLoss(labels, probabilities) / -((rate * Math.Log(rate)) + ((1 - rate) * Math.Log(1 - rate)));
    }

    /// <summary>Mean prediction over the share of positives: 1 where probabilities are right on the whole; NaN without positives.</summary>
    public static double Calibration(ReadOnlySpan<bool> labels, ReadOnlySpan<float> probabilities)
    {
        Check(labels, probabilities);
        var sum = 0.0;
        foreach (var probability in probabilities)
        {
            sum += probability;
        }

        var positives = labels.Count(true);
        return positives > 0 ? sum / positives : double.NaN;
    }

    /// <summary>
    /// Expected calibration error over bins of equal count: the mean over rows of |mean prediction - share of positives| of the row's bin. NaN
    /// without rows.
    /// </summary>
    public static double CalibrationError(ReadOnlySpan<bool> labels, ReadOnlySpan<float> probabilities, int bins) =>
        Reliability(labels, probabilities, bins).Sum(bin => bin.Count * Math.Abs(bin.Predicted - bin.Observed)) / labels.Length;

    /// <summary>
    /// Bins of rows in ascending order of prediction. Rows of equal prediction are in the bin of the first of them: were they parted, the figures
    /// would depend on the order of the rows.
    /// </summary>
    public static List<ReliabilityBin> Reliability(ReadOnlySpan<bool> labels, ReadOnlySpan<float> probabilities, int bins)
    {
        Check(labels, probabilities);
        var (positive, order) = (labels.ToArray(), probabilities.ToArray());
        Array.Sort(order, positive);
        var found = new List<ReliabilityBin>();
        for (int start = 0, end; start < order.Length; start = end)
        {
            var bin = (long)start * bins / order.Length;
            double predicted = 0, observed = 0;
            for (end = start; end < order.Length && ((long)end * bins / order.Length == bin || order[end] == order[end - 1]); end++)
            {
                predicted += order[end];
                observed += positive[end] ? 1 : 0;
            }

            found.Add(new ReliabilityBin(end - start, predicted / (end - start), observed / (end - start)));
        }

        return found;
    }

    // Sorts both in place.
    private static double SortingAuc(Span<bool> positive, Span<float> order)
    {
        order.Sort(positive);
        double rankSum = 0, positives = 0;
        for (int start = 0, end; start < order.Length; start = end)
        {
            end = start;
            var tiedPositives = 0;
            while (end < order.Length && order[end] == order[start])
            {
                tiedPositives += positive[end++] ? 1 : 0;
            }

            rankSum += (double)tiedPositives * (start + 1 + end) / 2; // as int the product of two counts of rows overflows
            positives += tiedPositives;
        }

        var negatives = order.Length - positives;
        return (rankSum - (positives * (positives + 1) / 2)) / (positives * negatives);
    }

    private static int CountPositives(ReadOnlySpan<int> rows, ReadOnlySpan<bool> labels)
    {
        var count = 0;
        foreach (var row in rows)
        {
            count += labels[row] ? 1 : 0;
        }

        return count;
    }

    private static void Check(ReadOnlySpan<bool> labels, ReadOnlySpan<float> scores)
    {
        if (labels.Length != scores.Length)
        {
            throw new ArgumentException($"There are {labels.Length} labels but {scores.Length} scores.", nameof(scores));
        }

        for (var row = 0; row < scores.Length; row++)
        {
            if (float.IsNaN(scores[row]))
            {
                throw new InvalidOperationException($"The score of pair {row} is NaN.");
            }
        }
    }
}

/// <summary>What a group counts in a grouped AUC.</summary>
internal enum GroupWeight
{
    /// <summary>Its number of rows, as in DIN.</summary>
    Impressions,

    /// <summary>Its number of positive rows, as in RecBole.</summary>
    Positives,
}
