using Tastemaker.Data.Splits;
using Tastemaker.Evaluation.Metrics;

namespace Tastemaker.Evaluation.Ranking;

/// <summary>Ranks one request at a time with buffers of its own: one for each thread.</summary>
internal sealed class RequestRanker(RankingPlan plan, ListMetrics lists)
{
    private readonly (int Cutoff, double[] Values, RankingMeasure Measure)[] measures =
        [.. plan.Keys.Zip(plan.Values).Where(pair => pair.First.Metric is RankingMetric).Select(pair => (pair.First.Cutoff, pair.Second, ((RankingMetric)pair.First.Metric).Measure))];

    private readonly (int Cutoff, int[] Counts)[] exposure = [.. plan.Counts.Select(pair => (pair.Key, new int[pair.Value.Length]))];
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

    /// <summary>Measures a request whose list is known.</summary>
    /// <param name="request">Index in the hold-out.</param>
    /// <param name="listed">The best items, best first, as many as the longest cut-off or all candidates.</param>
    public void Rank(int request, ReadOnlySpan<int> listed)
    {
        // What is excluded is not listed, so the targets need no candidates' scores.
        FillGains(request);
        var targets = plan.HoldOut.Targets[request];
        var found = TargetPlaces.FindByItem(listed, targets, plan.IsGraded ? gains.AsSpan(0, targets.Length) : [], groups);
        Measure(request, listed, found);
    }

    /// <summary>Adds what this ranker listed to the plan's counts; once, when all is ranked.</summary>
    public void AddExposure()
    {
        foreach (var (cutoff, counts) in exposure)
        {
            var total = plan.Counts[cutoff];
            for (var item = 0; item < counts.Length; item++)
            {
                total[item] += counts[item];
            }
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
        FillGains(request);
        var held = plan.HoldOut.Targets[request];
        Reserve(ref targets, held.Length);
        var present = 0;
        for (var target = 0; target < held.Length; target++)
        {
            var index = plan.HoldOut.Candidates is { } candidates ? candidates[request].BinarySearch(held[target]) : held[target];
            // An excluded target cannot be listed: it stays in n and is a miss.
            if (scores[index] > float.NegativeInfinity)
            {
                gains[present] = gains[target];
                targets[present++] = index;
            }
        }

        return present;
    }

    /// <summary>The gains of all targets, in their order and in descending order.</summary>
    private void FillGains(int request)
    {
        var count = plan.HoldOut.Targets.Length(request);
        Reserve(ref gains, count);
        Reserve(ref idealGains, count);
        if (!plan.IsGraded)
        {
            return;
        }

        for (var target = 0; target < count; target++)
        {
            gains[target] = idealGains[target] = plan.Gain(request, target);
        }

        idealGains.AsSpan(0, count).Sort((a, b) => b.CompareTo(a));
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

        Measure(request, list.AsSpan(0, length), found);
    }

    private void Measure(int request, ReadOnlySpan<int> listed, int found)
    {
        var count = plan.HoldOut.Targets.Length(request);
        var ranked = new RankedTargets(groups.AsSpan(0, found), count, plan.Discounts, plan.IsGraded ? idealGains.AsSpan(0, count) : []);
        foreach (var (cutoff, values, measure) in measures)
        {
            values[request] = measure(ranked, cutoff, listed[..Math.Min(cutoff, listed.Length)], lists);
        }

        foreach (var (cutoff, counts) in exposure)
        {
            foreach (var item in listed[..Math.Min(cutoff, listed.Length)])
            {
                counts[item]++;
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
