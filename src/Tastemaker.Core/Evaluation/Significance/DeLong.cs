using Tastemaker.Evaluation.Clicks;

namespace Tastemaker.Evaluation.Significance;

/// <summary>
/// The variance of an AUC, or of the difference of two on the same rows, without resampling (DeLong, DeLong and Clarke-Pearson 1988), in
/// O(n log n) by ranks; with rows in clusters as Obuchowski (1997) extends it. Each row a cluster, the two are the same.
/// </summary>
internal static class DeLong
{
    /// <summary>
    /// What each row contributes to the AUC: for a positive the share of negatives that score below it, for a negative the share of positives above it,
    /// equal scores counting half. The AUC is the mean over the positives, and also that over the negatives. NaN where a class is missing.
    /// </summary>
    public static double[] Placements(ReadOnlySpan<bool> labels, ReadOnlySpan<float> scores)
    {
        var order = scores.ToArray();
        var rows = Enumerable.Range(0, order.Length).ToArray();
        Array.Sort(order, rows);
        double positives = labels.Count(true), negatives = labels.Length - positives;
        var placements = new double[labels.Length];
        double positivesBelow = 0, negativesBelow = 0;
        for (int start = 0, end; start < order.Length; start = end)
        {
            double tiedPositives = 0;
            for (end = start; end < order.Length && order[end] == order[start]; end++)
            {
                tiedPositives += labels[rows[end]] ? 1 : 0;
            }

            var tiedNegatives = end - start - tiedPositives;
            foreach (var row in rows.AsSpan(start..end))
            {
                placements[row] = labels[row]
                    ? (negativesBelow + (tiedNegatives / 2)) / negatives
                    : (positives - positivesBelow - (tiedPositives / 2)) / positives;
            }

            positivesBelow += tiedPositives;
            negativesBelow += tiedNegatives;
        }

        return placements;
    }

    /// <summary>The variance of the mean of placements, or of differences of placements.</summary>
    /// <param name="placements">One a row; the mean over positives equals that over negatives.</param>
    /// <param name="labels">The classes.</param>
    /// <param name="clusters">Rows that are not independent of each other.</param>
    /// <returns>NaN where fewer than two clusters have positives, or negatives.</returns>
    public static double Variance(ReadOnlySpan<double> placements, ReadOnlySpan<bool> labels, RowGroups clusters)
    {
        double positives = labels.Count(true), negatives = labels.Length - positives;
        var mean = 0.0;
        for (var row = 0; row < labels.Length; row++)
        {
            mean += labels[row] ? placements[row] / positives : 0;
        }

        double ofPositives = 0, ofNegatives = 0, ofBoth = 0;
        int withPositives = 0, withNegatives = 0;
        for (var cluster = 0; cluster < clusters.Count; cluster++)
        {
            double positive = 0, negative = 0;
            var own = 0;
            foreach (var row in clusters[cluster])
            {
                own += labels[row] ? 1 : 0;
                positive += labels[row] ? placements[row] - mean : 0;
                negative += labels[row] ? 0 : placements[row] - mean;
            }

            withPositives += own > 0 ? 1 : 0;
            withNegatives += own < clusters[cluster].Length ? 1 : 0;
            ofPositives += positive * positive;
            ofNegatives += negative * negative;
            ofBoth += positive * negative;
        }

        return withPositives < 2 || withNegatives < 2
            ? double.NaN
            : Math.Max(0,
                (ofPositives * Unbiased(withPositives) / (positives * positives))
                + (ofNegatives * Unbiased(withNegatives) / (negatives * negatives))
                + (2 * ofBoth * Unbiased(clusters.Count) / (positives * negatives)));
    }

    private static double Unbiased(double clusters) => clusters / (clusters - 1);
}
