using Tastemaker.Evaluation.Ranking;

namespace Tastemaker.Evaluation.Metrics;

/// <summary>
/// The metrics of one request's list of length k, by the formulas of the <see cref="MetricCatalog"/>. Where places are uncertain (groups of
/// equal scores) each gives the exact mean over all orders inside the groups.
/// </summary>
internal static class RankingMetrics
{
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
