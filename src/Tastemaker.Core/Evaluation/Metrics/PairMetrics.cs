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
        var order = scores.ToArray();
        var positive = labels.ToArray();
        Array.Sort(order, positive);
        double rankSum = 0, positives = 0;
        for (int start = 0, end; start < order.Length; start = end)
        {
            end = start;
            var tiedPositives = 0;
            while (end < order.Length && order[end] == order[start])
            {
                tiedPositives += positive[end++] ? 1 : 0;
            }

            rankSum += tiedPositives * (start + 1 + end) / 2.0;
            positives += tiedPositives;
        }

        var negatives = order.Length - positives;
        return (rankSum - (positives * (positives + 1) / 2)) / (positives * negatives);
    }

    /// <summary>
    /// The AUC of each group of rows, weighted by the group's rows (impressions) or positives; groups with one class only are left out; NaN
    /// where none remains.
    /// </summary>
    public static double GroupAuc(ReadOnlySpan<int> groups, ReadOnlySpan<bool> labels, ReadOnlySpan<float> scores, GroupWeight weight)
    {
        Check(labels, scores);
        var members = new Dictionary<int, List<int>>();
        for (var row = 0; row < groups.Length; row++)
        {
            (members.TryGetValue(groups[row], out var rows) ? rows : members[groups[row]] = []).Add(row);
        }

        double sum = 0, weights = 0;
        foreach (var rows in members.OrderBy(group => group.Key).Select(group => group.Value))
        {
            var groupLabels = new bool[rows.Count];
            var groupScores = new float[rows.Count];
            for (var index = 0; index < rows.Count; index++)
            {
                (groupLabels[index], groupScores[index]) = (labels[rows[index]], scores[rows[index]]);
            }

            var auc = Auc(groupLabels, groupScores);
            if (!double.IsNaN(auc))
            {
                var own = weight == GroupWeight.Impressions ? rows.Count : groupLabels.Count(label => label);
                sum += own * auc;
                weights += own;
            }
        }

        return sum / weights;
    }

    /// <summary>Mean negative log-likelihood of the labels under predicted probabilities.</summary>
    public static double LogLoss(ReadOnlySpan<bool> labels, ReadOnlySpan<float> probabilities)
    {
        Check(labels, probabilities);
        var sum = 0.0;
        for (var row = 0; row < labels.Length; row++)
        {
            var probability = Math.Clamp(probabilities[row], Clamp, 1 - Clamp);
            sum -= Math.Log(labels[row] ? probability : 1 - probability);
        }

        return sum / labels.Length;
    }

    /// <summary>Log loss relative to that of always predicting the share of positives: below 1 where something was learned.</summary>
    public static double NormalizedEntropy(ReadOnlySpan<bool> labels, ReadOnlySpan<float> probabilities)
    {
        var rate = labels.Count(true) / (double)labels.Length;
        return LogLoss(labels, probabilities) / -((rate * Math.Log(rate)) + ((1 - rate) * Math.Log(1 - rate)));
    }

    /// <summary>Mean prediction over the share of positives: 1 where probabilities are right on the whole.</summary>
    public static double Calibration(ReadOnlySpan<bool> labels, ReadOnlySpan<float> probabilities)
    {
        Check(labels, probabilities);
        var sum = 0.0;
        foreach (var probability in probabilities)
        {
            sum += probability;
        }

        return sum / labels.Count(true);
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
