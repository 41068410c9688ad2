namespace Tastemaker.Evaluation.Metrics;

/// <summary>A metric of how recommendations fall on the catalog: computed from a count per item, of the lists that hold it.</summary>
internal sealed class CatalogMetric(string name, string title, string description, string formula, Func<int[], double> measure)
    : MetricInfo(name, title, description, formula)
{
    /// <inheritdoc/>
    public override MetricKind Kind => MetricKind.Catalog;

    /// <summary>The metric from how often each item was listed; NaN where nothing was listed.</summary>
    public double Measure(int[] counts) => measure(counts);
}

/// <summary>Metrics of how recommendations fall on the catalog, from how often each item was listed.</summary>
internal static class CatalogMetrics
{
    /// <summary>In the order of results.</summary>
    public static IReadOnlyList<CatalogMetric> All { get; } =
    [
        new("coverage", "Coverage", "The share of the catalog that is in at least one list.", "|union of lists| / |catalog|",
            counts => Coverage(counts)) { Direction = MetricDirection.Descriptive },
        new("gini", "Gini", "How unequally recommendations fall on the catalog: 0 equal, near 1 concentrated.",
            "sum_i (2i - I - 1) c_(i) / (I sum c), c_(1) <= ... <= c_(I) the times each item is listed",
            counts => Gini(counts)) { Direction = MetricDirection.Descriptive },
        new("entropy", "Entropy", "How evenly recommendations fall on the catalog, in nats.", "-sum_i p_i ln p_i, p_i = c_i / sum c",
            counts => Entropy(counts)) { Direction = MetricDirection.Descriptive },
    ];

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
