namespace Tastemaker.Evaluation.Metrics;

/// <summary>Metrics of how recommendations fall on the catalog, from how often each item was listed.</summary>
internal static class CatalogMetrics
{
    /// <summary>The share of items listed at least once.</summary>
    public static double Coverage(ReadOnlySpan<int> counts)
    {
        var listed = 0;
        foreach (var count in counts)
        {
            listed += count > 0 ? 1 : 0;
        }

        return counts.IsEmpty ? double.NaN : (double)listed / counts.Length;
    }

    /// <summary>The Gini index of the counts, zeros included; NaN where nothing was listed.</summary>
    public static double Gini(ReadOnlySpan<int> counts)
    {
        var ascending = counts.ToArray();
        Array.Sort(ascending);
        double weighted = 0, total = 0;
        for (var index = 0; index < ascending.Length; index++)
        {
            weighted += ((2.0 * (index + 1)) - ascending.Length - 1) * ascending[index];
            total += ascending[index];
        }

        return weighted / (ascending.Length * total);
    }

    /// <summary>The entropy of the distribution of recommendations over items, in nats; NaN where nothing was listed.</summary>
    public static double Entropy(ReadOnlySpan<int> counts)
    {
        var total = 0.0;
        foreach (var count in counts)
        {
            total += count;
        }

        var entropy = 0.0;
        foreach (var count in counts)
        {
            if (count > 0)
            {
                entropy -= count / total * Math.Log(count / total);
            }
        }

        return total > 0 ? entropy : double.NaN;
    }
}
