using Tastemaker.Data;

namespace Tastemaker.Recommending;

/// <summary>Applies a <see cref="CandidateFilter"/> to scores before ranking. Looks its identifiers up once, whatever the number of requests.</summary>
internal sealed class CandidateMask
{
    private readonly int catalog;
    private readonly int[] excluded;
    private readonly int[]? candidates;

    /// <summary>The mask of a filter.</summary>
    /// <param name="filter">Null to leave out seen items alone, where the system does that.</param>
    /// <param name="recommendsSeen">Whether the system recommends seen items unless told otherwise.</param>
    /// <param name="items">The catalog.</param>
    public CandidateMask(CandidateFilter? filter, bool recommendsSeen, Vocabulary items)
    {
        catalog = items.Count;
        IncludesSeen = filter?.IncludeSeen ?? recommendsSeen;
        excluded = Indexes(filter?.Exclude ?? [], items);
        candidates = filter?.Candidates is { } only ? Indexes(only, items) : null;
    }

    /// <summary>Whether items of the history are candidates.</summary>
    public bool IncludesSeen { get; }

    /// <summary>Whether only some items are candidates: then a list cannot be made of <see cref="Excluded"/> alone.</summary>
    public bool Restricts => candidates is not null;

    /// <summary>What a request must not be recommended, ascending, besides what <see cref="Restricts"/> says.</summary>
    public int[] Excluded(ReadOnlySpan<int> seen)
    {
        int[] both = IncludesSeen ? [.. excluded] : [.. excluded, .. seen];
        Array.Sort(both);
        return both;
    }

    /// <summary>Sets the scores of items that are no candidates to negative infinity.</summary>
    public void Apply(Span<float> scores, ReadOnlySpan<int> seen)
    {
        if (candidates is not null)
        {
            var kept = new float[candidates.Length];
            for (var index = 0; index < kept.Length; index++)
            {
                kept[index] = scores[candidates[index]];
            }

            scores.Fill(float.NegativeInfinity);
            for (var index = 0; index < kept.Length; index++)
            {
                scores[candidates[index]] = kept[index];
            }
        }

        Exclude(scores, excluded);
        Exclude(scores, IncludesSeen ? [] : seen);
    }

    /// <summary>A sentence on a list without items: why nothing is a candidate for a request with this history.</summary>
    public string WhyEmpty(ReadOnlySpan<int> seen)
    {
        if (candidates is { Length: 0 })
        {
            return "The list is empty: no item of the catalog meets the conditions of the request.";
        }

        int[] left = candidates ?? [.. Enumerable.Range(0, catalog)];
        var history = seen.ToArray().ToHashSet();
        var inHistory = IncludesSeen ? 0 : left.Count(history.Contains);
        var what = candidates is null ? $"all {left.Length:N0} items of the catalog" : left.Length == 1 ? "the only item that meets the conditions" : $"all {left.Length:N0} items that meet the conditions";
        var where = inHistory == left.Length ? "in the user's history" : inHistory == 0 ? "excluded" : "in the user's history or excluded";
        return $"The list is empty: {what} {(left.Length == 1 ? "is" : "are")} {where}.{(inHistory > 0 ? " Set include-seen to true to recommend items of the history again." : "")}";
    }

    private static void Exclude(Span<float> scores, ReadOnlySpan<int> items)
    {
        foreach (var item in items)
        {
            scores[item] = float.NegativeInfinity;
        }
    }

    private static int[] Indexes(IEnumerable<string> ids, Vocabulary items) => [.. ids.Select(id => items.IndexOf(id)).Where(item => item >= 0)];
}
