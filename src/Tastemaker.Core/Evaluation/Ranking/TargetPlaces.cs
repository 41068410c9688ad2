namespace Tastemaker.Evaluation.Ranking;

/// <summary>Finds the places of a request's targets from its top list, by a rule for equal scores.</summary>
internal static class TargetPlaces
{
    /// <summary>Writes the groups that begin within the list.</summary>
    /// <param name="rule">How equal scores are ordered.</param>
    /// <param name="scores">Scores of the candidates; negative infinity where an item is none.</param>
    /// <param name="listed">The top list: indexes into <paramref name="scores"/>, best first, equal scores by index.</param>
    /// <param name="listedScores">Their scores.</param>
    /// <param name="targets">Ascending indexes of the targets that are candidates.</param>
    /// <param name="gains">Gain of each target; empty where no graded metric is asked for.</param>
    /// <param name="groups">Receives the groups; as long as the longest list.</param>
    /// <returns>How many were written.</returns>
    public static int Find(
        TieRule rule,
        ReadOnlySpan<float> scores,
        ReadOnlySpan<int> listed,
        ReadOnlySpan<float> listedScores,
        ReadOnlySpan<int> targets,
        ReadOnlySpan<double> gains,
        Span<TieGroup> groups) =>
        rule == TieRule.ByItem
            ? FindByItem(listed, targets, gains, groups)
            : FindTied(rule, scores, listedScores, targets, gains, groups);

    /// <summary>The rule by item: a target's place is its place in the list, and the list is all that is needed.</summary>
    public static int FindByItem(ReadOnlySpan<int> listed, ReadOnlySpan<int> targets, ReadOnlySpan<double> gains, Span<TieGroup> groups)
    {
        var count = 0;
        for (var place = 0; place < listed.Length; place++)
        {
            var target = targets.BinarySearch(listed[place]);
            if (target >= 0)
            {
                groups[count++] = new TieGroup(place, 1, 1, gains.IsEmpty ? 0 : gains[target]);
            }
        }

        return count;
    }

    private static int FindTied(
        TieRule rule,
        ReadOnlySpan<float> scores,
        ReadOnlySpan<float> listedScores,
        ReadOnlySpan<int> targets,
        ReadOnlySpan<double> gains,
        Span<TieGroup> groups)
    {
        var count = 0;
        for (int start = 0, end; start < listedScores.Length; start = end)
        {
            var score = listedScores[start];
            end = start + 1;
            while (end < listedScores.Length && listedScores[end] == score)
            {
                end++;
            }

            // The last group of the list may go on below it.
            var size = end < listedScores.Length ? end - start : ScoreScan.Count(scores, score).Equal;
            var tied = new TieGroup(start, size, 0, 0);
            for (var target = 0; target < targets.Length; target++)
            {
                if (scores[targets[target]] == score)
                {
                    var gain = gains.IsEmpty ? 0 : gains[target];
                    tied = tied with { Targets = tied.Targets + 1, Gain = tied.Gain + gain };
                }
            }

            if (tied.Targets > 0)
            {
                // Among themselves the targets of a group stay in any order alike.
                groups[count++] = rule == TieRule.Expected
                    ? tied
                    : tied with { Above = start + size - tied.Targets, Size = tied.Targets };
            }
        }

        return count;
    }
}
