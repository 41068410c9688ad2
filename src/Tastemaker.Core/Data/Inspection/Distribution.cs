namespace Tastemaker.Data.Inspection;

/// <summary>How many interactions users or items have.</summary>
/// <param name="Minimum">The least.</param>
/// <param name="LowerQuartile">A quarter has at most this many.</param>
/// <param name="Median">Half has at most this many.</param>
/// <param name="UpperQuartile">Three quarters have at most this many.</param>
/// <param name="Maximum">The most.</param>
/// <param name="Mean">The mean.</param>
/// <param name="Gini">0 where all have equally many, towards 1 where few have almost all.</param>
public sealed record Distribution(int Minimum, int LowerQuartile, int Median, int UpperQuartile, int Maximum, double Mean, double Gini)
{
    /// <summary>The distribution of counts; all zeros where there are none.</summary>
    public static Distribution Of(ReadOnlySpan<int> counts)
    {
        if (counts.IsEmpty)
        {
            return new Distribution(0, 0, 0, 0, 0, 0, 0);
        }

        var sorted = counts.ToArray();
        Array.Sort(sorted);
        double sum = 0, weighted = 0;
        for (var rank = 0; rank < sorted.Length; rank++)
        {
            sum += sorted[rank];
            weighted += (rank + 1.0) * sorted[rank];
        }

        var n = sorted.Length;
        var gini = sum == 0 ? 0 : (2 * weighted / (n * sum)) - ((n + 1.0) / n);
        return new Distribution(sorted[0], Quantile(sorted, 0.25), Quantile(sorted, 0.5), Quantile(sorted, 0.75), sorted[^1], sum / n, gini);
    }

    /// <summary>The smallest count with at least a share <paramref name="q"/> of the counts at or below it.</summary>
    private static int Quantile(int[] sorted, double q) => sorted[Math.Max(0, (int)Math.Ceiling(q * sorted.Length) - 1)];
}
