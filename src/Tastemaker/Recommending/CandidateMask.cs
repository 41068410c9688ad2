using Tastemaker.Data;

namespace Tastemaker.Recommending;

/// <summary>Applies a <see cref="CandidateFilter"/> to scores before ranking.</summary>
internal static class CandidateMask
{
    /// <summary>Sets the scores of items that are no candidates to negative infinity.</summary>
    /// <returns>The number of candidates.</returns>
    public static int Apply(Span<float> scores, CandidateFilter? filter, ReadOnlySpan<int> seen, bool recommendsSeen, Vocabulary items)
    {
        if (filter?.Candidates is { } candidates)
        {
            var allowed = new bool[scores.Length];
            foreach (var item in candidates.Select(id => items.IndexOf(id)).Where(item => item >= 0))
            {
                allowed[item] = true;
            }

            for (var item = 0; item < scores.Length; item++)
            {
                scores[item] = allowed[item] ? scores[item] : float.NegativeInfinity;
            }
        }

        foreach (var item in (filter?.Exclude ?? []).Select(id => items.IndexOf(id)).Where(item => item >= 0))
        {
            scores[item] = float.NegativeInfinity;
        }

        if (!(filter?.IncludeSeen ?? recommendsSeen))
        {
            foreach (var item in seen)
            {
                scores[item] = float.NegativeInfinity;
            }
        }

        return scores.Length - scores.Count(float.NegativeInfinity);
    }
}
