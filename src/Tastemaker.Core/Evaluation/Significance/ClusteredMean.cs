using Tastemaker.Evaluation.Clicks;

namespace Tastemaker.Evaluation.Significance;

/// <summary>The mean of figures with a standard error that respects that figures of one cluster (a user) are alike.</summary>
internal static class ClusteredMean
{
    /// <summary>Estimates the mean; null where there are fewer than two clusters.</summary>
    /// <param name="figures">A figure per row.</param>
    /// <param name="clusters">The rows of each cluster.</param>
    public static RowEstimate? Of(double[] figures, RowGroups clusters)
    {
        var mean = figures.Sum() / figures.Length;
        var squares = 0.0;
        for (var cluster = 0; cluster < clusters.Count; cluster++)
        {
            var part = 0.0;
            foreach (var row in clusters[cluster])
            {
                part += (figures[row] - mean) / figures.Length;
            }

            squares += part * part;
        }

        return clusters.Count < 2 ? null : new RowEstimate(mean, Math.Sqrt(squares * clusters.Count / (clusters.Count - 1)), clusters.Count);
    }
}
