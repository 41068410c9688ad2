using Tastemaker.Evaluation.Ranking;

namespace Tastemaker.Evaluation.Metrics;

/// <summary>A metric of one request.</summary>
/// <param name="ranked">Where the targets stand.</param>
/// <param name="k">The cut-off.</param>
/// <param name="listed">The items of the list, k or fewer.</param>
/// <param name="lists">What is known of the items.</param>
internal delegate double RankingMeasure(in RankedTargets ranked, int k, ReadOnlySpan<int> listed, ListMetrics lists);

/// <summary>A metric of the first K places of a request's list; its figure is the mean over requests.</summary>
internal sealed class RankingMetric(string name, string title, string description, string formula, RankingMeasure measure)
    : MetricInfo(name, title, description, formula)
{
    /// <inheritdoc/>
    public override MetricKind Kind => MetricKind.Ranking;

    /// <summary>The metric of one request; NaN where it does not define it.</summary>
    public RankingMeasure Measure { get; } = measure;

    /// <summary>Whether targets count by their values (gains 2^r - 1).</summary>
    public bool IsGraded { get; init; }

    /// <summary>Whether a list that holds every candidate has 1, whatever is ranked.</summary>
    public bool IsOneOfWholeLists { get; init; }
}

/// <summary>
/// The metrics of one request's list of length k, by the formulas of the <see cref="MetricCatalog"/>. Where places are uncertain (groups of
/// equal scores) each gives the exact mean over all orders inside the groups.
/// </summary>
internal static class RankingMetrics
{
    /// <summary>In the order of results.</summary>
    public static IReadOnlyList<RankingMetric> All { get; } =
    [
        new("recall", "Recall", "The share of the targets that are in the list.", "hits / n",
            (in ranked, k, _, _) => Recall(ranked, k)) { IsOneOfWholeLists = true },
        new("recall-min", "Recall (min)", "Recall as in the Multi-VAE, EASE and iALS papers: 1 is always attainable.", "hits / min(K, n)",
            (in ranked, k, _, _) => RecallMin(ranked, k)) { IsOneOfWholeLists = true },
        new("precision", "Precision", "The share of the list that are targets; K counts even where the list is shorter.", "hits / K",
            (in ranked, k, _, _) => Precision(ranked, k)),
        new("f1", "F1", "The harmonic mean of precision and recall of each request.", "2 hits / (K + n)",
            (in ranked, k, _, _) => 2 * Hits(ranked, k) / (k + ranked.Count)) { IsDefault = false },
        new("hr", "Hit rate", "Whether any target is in the list.", "1 if hits > 0 else 0",
            (in ranked, k, _, _) => HitRate(ranked, k)) { IsOneOfWholeLists = true },
        new("ndcg", "NDCG", "Targets count less the lower they stand, relative to the best possible list.",
            "sum_{k<=K} rel(k) / log2(k+1) / sum_{k<=min(K,n)} 1 / log2(k+1)",
            (in ranked, k, _, _) => Ndcg(ranked, k)),
        new("ndcg-graded", "NDCG (graded)", "NDCG with gain 2^r - 1 for a target of value r.",
            "sum_{k<=K} (2^r(k) - 1) / log2(k+1) / the same sum with the targets in descending r",
            (in ranked, k, _, _) => NdcgGraded(ranked, k)) { IsDefault = false, IsGraded = true },
        new("map", "MAP", "The mean precision at the places of the hits.", "sum_{k<=K} rel(k) Precision@k / min(K, n)",
            (in ranked, k, _, _) => AveragePrecision(ranked, k)),
        new("mrr", "MRR", "The reciprocal rank of the first target, 0 if it is not in the list.", "1 / min{k : rel(k) = 1} if that is <= K else 0",
            (in ranked, k, _, _) => ReciprocalRank(ranked, k)),
        new("novelty", "Novelty", "How rare the recommended items are, in bits; items never trained on count once.",
            "mean over the list of -log2(training interactions of the item / all training interactions)",
            (in _, _, listed, lists) => lists.Novelty(listed)) { Direction = MetricDirection.Descriptive },
        new("arp", "Average popularity", "How often the recommended items occur in training.", "mean over the list of the item's training interactions",
            (in _, _, listed, lists) => lists.AveragePopularity(listed)) { Direction = MetricDirection.Descriptive },
        new("ild", "Intra-list diversity", "How unlike the items of a list are, by the training users they share.",
            "1 - mean over pairs a, b of the list of |U_a and U_b| / sqrt(|U_a| |U_b|)",
            (in _, _, listed, lists) => lists.Diversity(listed)) { Direction = MetricDirection.Descriptive, IsDefault = false },
    ];

    /// <summary>Number of targets in the list.</summary>
    public static double Hits(in RankedTargets ranked, int k)
    {
        var hits = 0.0;
        foreach (var group in ranked.Groups)
        {
            hits += (double)group.Targets * Math.Clamp(k - group.Above, 0, group.Size) / group.Size;
        }

        return hits;
    }

    /// <summary>Hits / n.</summary>
    public static double Recall(in RankedTargets ranked, int k) => Hits(ranked, k) / ranked.Count;

    /// <summary>Hits / min(k, n).</summary>
    public static double RecallMin(in RankedTargets ranked, int k) => Hits(ranked, k) / Math.Min(k, ranked.Count);

    /// <summary>Hits / k.</summary>
    public static double Precision(in RankedTargets ranked, int k) => Hits(ranked, k) / k;

    /// <summary>The probability of one or more hits.</summary>
    public static double HitRate(in RankedTargets ranked, int k)
    {
        var miss = 1.0;
        foreach (var group in ranked.Groups)
        {
            var inside = Math.Clamp(k - group.Above, 0, group.Size);
            for (var place = 0; place < inside && miss > 0; place++)
            {
                // No target yet, so all of them are among the places that remain.
                miss *= 1 - ((double)group.Targets / (group.Size - place));
            }
        }

        return 1 - Math.Max(miss, 0);
    }

    /// <summary>Discounted gain relative to the best list, every target counting 1.</summary>
    public static double Ndcg(in RankedTargets ranked, int k)
    {
        var gain = 0.0;
        foreach (var group in ranked.Groups)
        {
            gain += Discounted(ranked, group, k) * group.Targets;
        }

        var ideal = 0.0;
        for (var place = 0; place < Math.Min(k, ranked.Count); place++)
        {
            ideal += ranked.Discounts[place];
        }

        return gain / ideal;
    }

    /// <summary>Discounted gain relative to the best list, a target of value r counting 2^r - 1; NaN where no target counts anything.</summary>
    public static double NdcgGraded(in RankedTargets ranked, int k)
    {
        var gain = 0.0;
        foreach (var group in ranked.Groups)
        {
            gain += Discounted(ranked, group, k) * group.Gain;
        }

        var ideal = 0.0;
        for (var place = 0; place < Math.Min(k, ranked.IdealGains.Length); place++)
        {
            ideal += ranked.IdealGains[place] * ranked.Discounts[place];
        }

        return ideal > 0 ? gain / ideal : double.NaN;
    }

    /// <summary>Mean precision at the places of the hits, over min(k, n).</summary>
    public static double AveragePrecision(in RankedTargets ranked, int k)
    {
        var sum = 0.0;
        var hitsAbove = 0;
        foreach (var group in ranked.Groups)
        {
            var chance = (double)group.Targets / group.Size;
            var chanceOfAnother = group.Size > 1 ? (group.Targets - 1.0) / (group.Size - 1) : 0;
            for (var place = group.Above + 1; place <= Math.Min(k, group.Above + group.Size); place++)
            {
                sum += chance * (1 + hitsAbove + ((place - group.Above - 1) * chanceOfAnother)) / place;
            }

            hitsAbove += group.Targets;
        }

        return sum / Math.Min(k, ranked.Count);
    }

    /// <summary>The reciprocal rank of the first hit; 0 if there is none.</summary>
    public static double ReciprocalRank(in RankedTargets ranked, int k)
    {
        if (ranked.Groups.IsEmpty)
        {
            return 0;
        }

        // A group holds a target for certain, so the first hit is in the first group.
        var group = ranked.Groups[0];
        var sum = 0.0;
        var none = 1.0;
        for (var place = 0; place < Math.Min(k - group.Above, group.Size - group.Targets + 1); place++)
        {
            var first = (double)group.Targets / (group.Size - place);
            sum += none * first / (group.Above + place + 1);
            none *= 1 - first;
        }

        return sum;
    }

    /// <summary>The mean discount of a group's places, those beyond k counting 0.</summary>
    private static double Discounted(in RankedTargets ranked, TieGroup group, int k)
    {
        var sum = 0.0;
        for (var place = group.Above; place < Math.Min(k, group.Above + group.Size); place++)
        {
            sum += ranked.Discounts[place];
        }

        return sum / group.Size;
    }
}
