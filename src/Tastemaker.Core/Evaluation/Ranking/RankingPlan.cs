using Tastemaker.Data;
using Tastemaker.Data.Splits;
using Tastemaker.Evaluation.Metrics;

namespace Tastemaker.Evaluation.Ranking;

/// <summary>What a ranking pass measures, and where it puts the figures: shared by all threads, each writing its own requests.</summary>
internal sealed class RankingPlan
{
    /// <summary>A plan for some metrics of a hold-out.</summary>
    public RankingPlan(IReadOnlyList<MetricKey> keys, HoldOut holdOut, int items, TieRule ties)
    {
        Keys = keys;
        HoldOut = holdOut;
        Ties = ties;
        Values = [.. keys.Select(key => key.Metric is RankingMetric ? NewColumn(holdOut.Count) : [])];
        NeedsOrder = keys.Any(key => key.Metric is OrderMetric);
        IsGraded = keys.Any(key => key.Metric is RankingMetric { IsGraded: true });
        ListLength = keys.Max(key => key.Cutoff);
        Discounts = RankedTargets.DiscountTable(ListLength);
        Auc = NewColumn(NeedsOrder ? holdOut.Count : 0);
        CandidateCounts = new int[Auc.Length];
        Counts = keys.Select(key => key.Cutoff).Where(cutoff => cutoff > 0).Distinct().ToDictionary(cutoff => cutoff, _ => new int[items]);
    }

    /// <summary>The metrics, in the order of the results.</summary>
    public IReadOnlyList<MetricKey> Keys { get; }

    /// <summary>What is asked, and the right answers.</summary>
    public HoldOut HoldOut { get; }

    /// <summary>How equal scores are ordered.</summary>
    public TieRule Ties { get; }

    /// <summary>The largest cut-off; 0 where lists are not needed.</summary>
    public int ListLength { get; }

    /// <summary>Whether the order of all candidates is needed, not only the list.</summary>
    public bool NeedsOrder { get; }

    /// <summary>
    /// Whether a request's list says all there is to measure: whole catalogs are ranked, equal scores by item, and nothing asks for the order below
    /// the list.
    /// </summary>
    public bool NeedsListsOnly => Ties == TieRule.ByItem && !NeedsOrder && ListLength > 0 && HoldOut.Candidates is null;

    /// <summary>Whether the values of targets matter.</summary>
    public bool IsGraded { get; }

    /// <summary>Discounts of the places of a list.</summary>
    public double[] Discounts { get; }

    /// <summary>For each metric that is a mean over requests: its value for each request, NaN until measured.</summary>
    public double[][] Values { get; }

    /// <summary>AUC of each request; empty where not needed.</summary>
    public double[] Auc { get; }

    /// <summary>Number of candidates of each request; empty where not needed.</summary>
    public int[] CandidateCounts { get; }

    /// <summary>By cut-off: how often each item was in a list. Threads count for themselves and add up at the end, so exact in any order.</summary>
    public IReadOnlyDictionary<int, int[]> Counts { get; }

    /// <summary>The gain 2^r - 1 of a target's value; targets without values count 1.</summary>
    public double Gain(int request, int target) =>
        HoldOut.Targets.HasValues ? Math.Pow(2, HoldOut.Targets.RowValues(request)[target]) - 1 : 1;

    /// <summary>The place of a metric among <see cref="Keys"/>.</summary>
    public int IndexOf(MetricKey key) => Keys.TakeWhile(other => other != key).Count();

    private static double[] NewColumn(int length)
    {
        var column = new double[length];
        Array.Fill(column, double.NaN);
        return column;
    }
}
