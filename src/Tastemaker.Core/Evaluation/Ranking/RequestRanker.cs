using Tastemaker.Data.Splits;
using Tastemaker.Evaluation.Metrics;

namespace Tastemaker.Evaluation.Ranking;

/// <summary>Ranks one request at a time with buffers of its own: one for each thread.</summary>
internal sealed class RequestRanker(RankingPlan plan, ListMetrics lists)
{
    private readonly int[] list = new int[plan.ListLength];
    private readonly float[] listScores = new float[plan.ListLength];
    private readonly TieGroup[] groups = new TieGroup[plan.ListLength];
    private float[] gathered = [];
    private int[] targets = [];
    private double[] gains = [];
    private double[] idealGains = [];

    /// <summary>Measures a request.</summary>
    /// <param name="request">Index in the hold-out.</param>
    /// <param name="scores">Its finite scores, one an item; items that are no candidates are overwritten.</param>
    public void Rank(int request, Span<float> scores)
    {
        var holdOut = plan.HoldOut;
        foreach (var item in holdOut.Excluded is { } excluded ? excluded[request] : [])
        {
            scores[item] = float.NegativeInfinity;
        }

        ReadOnlySpan<float> candidateScores = holdOut.Candidates is { } candidates ? Gather(scores, candidates[request]) : scores;
        var present = FindTargets(request, candidateScores);
        if (plan.NeedsOrder)
        {
            MeasureOrder(request, candidateScores, targets.AsSpan(0, present));
        }

        if (plan.ListLength > 0)
        {
            MeasureList(request, candidateScores, present);
        }
    }

    private ReadOnlySpan<float> Gather(ReadOnlySpan<float> scores, ReadOnlySpan<int> candidates)
    {
        Reserve(ref gathered, candidates.Length);
        for (var index = 0; index < candidates.Length; index++)
        {
            gathered[index] = scores[candidates[index]];
        }

        return gathered.AsSpan(0, candidates.Length);
    }

    /// <summary>Fills in the targets that are candidates, as ascending candidate indexes, and the gains.</summary>
    private int FindTargets(int request, ReadOnlySpan<float> scores)
    {
        var held = plan.HoldOut.Targets[request];
        Reserve(ref targets, held.Length);
        Reserve(ref gains, held.Length);
        Reserve(ref idealGains, held.Length);
        var present = 0;
        for (var target = 0; target < held.Length; target++)
        {
            var index = plan.HoldOut.Candidates is { } candidates ? candidates[request].BinarySearch(held[target]) : held[target];
            idealGains[target] = plan.IsGraded ? plan.Gain(request, target) : 0;
            // An excluded target cannot be listed: it stays in n and is a miss.
            if (scores[index] > float.NegativeInfinity)
            {
                gains[present] = idealGains[target];
                targets[present++] = index;
            }
        }

        if (plan.IsGraded)
        {
            idealGains.AsSpan(0, held.Length).Sort((a, b) => b.CompareTo(a));
        }

        return present;
    }

    private void MeasureOrder(int request, ReadOnlySpan<float> scores, ReadOnlySpan<int> present)
    {
        var candidates = ScoreScan.Count(scores, float.NegativeInfinity).Greater;
        var rankSum = 0.0;
        foreach (var target in present)
        {
            var (greater, equal) = ScoreScan.Count(scores, scores[target]);
            rankSum += candidates - greater - ((equal - 1) / 2.0);
        }

        double positives = present.Length;
        plan.CandidateCounts[request] = candidates;
        plan.Auc[request] = (rankSum - (positives * (positives + 1) / 2)) / (positives * (candidates - positives));
    }

    private void MeasureList(int request, ReadOnlySpan<float> scores, int present)
    {
        var length = TopK.Select(scores, list, listScores);
        var count = plan.HoldOut.Targets.Length(request);
        var found = TargetPlaces.Find(
            plan.Ties,
            scores,
            list.AsSpan(0, length),
            listScores.AsSpan(0, length),
            targets.AsSpan(0, present),
            plan.IsGraded ? gains.AsSpan(0, present) : [],
            groups);
        if (plan.HoldOut.Candidates is { } candidates)
        {
            foreach (ref var item in list.AsSpan(0, length))
            {
                item = candidates[request][item];
            }
        }

        var ranked = new RankedTargets(groups.AsSpan(0, found), count, plan.Discounts, plan.IsGraded ? idealGains.AsSpan(0, count) : []);
        for (var key = 0; key < plan.Keys.Count; key++)
        {
            if (plan.Keys[key].Metric.Kind == MetricKind.Ranking)
            {
                var cutoff = plan.Keys[key].Cutoff;
                plan.Values[key][request] = Measure(plan.Keys[key], ranked, list.AsSpan(0, Math.Min(cutoff, length)));
            }
        }

        Expose(length);
    }

    private double Measure(MetricKey key, in RankedTargets ranked, ReadOnlySpan<int> listed) => key.Metric.Name switch
    {
        "recall" => RankingMetrics.Recall(ranked, key.Cutoff),
        "recall-min" => RankingMetrics.RecallMin(ranked, key.Cutoff),
        "precision" => RankingMetrics.Precision(ranked, key.Cutoff),
        "hr" => RankingMetrics.HitRate(ranked, key.Cutoff),
        "ndcg" => RankingMetrics.Ndcg(ranked, key.Cutoff),
        "ndcg-graded" => RankingMetrics.NdcgGraded(ranked, key.Cutoff),
        "map" => RankingMetrics.AveragePrecision(ranked, key.Cutoff),
        "mrr" => RankingMetrics.ReciprocalRank(ranked, key.Cutoff),
        "novelty" => lists.Novelty(listed),
        "arp" => lists.AveragePopularity(listed),
        "ild" => lists.Diversity(listed),
        var name => throw new ArgumentException($"No ranking metric '{name}'.", nameof(key)),
    };

    private void Expose(int length)
    {
        foreach (var (cutoff, counts) in plan.Counts)
        {
            foreach (var item in list.AsSpan(0, Math.Min(cutoff, length)))
            {
                Interlocked.Increment(ref counts[item]);
            }
        }
    }

    private static void Reserve<T>(ref T[] buffer, int length)
    {
        if (buffer.Length < length)
        {
            buffer = new T[Math.Max(length, 2 * buffer.Length)];
        }
    }
}
