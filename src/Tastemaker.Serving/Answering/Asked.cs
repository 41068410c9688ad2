using Tastemaker.Recommending;

namespace Tastemaker.Serving.Answering;

/// <summary>A query on its way to the model.</summary>
/// <param name="Query">What the caller wants.</param>
/// <param name="Fetched">Items to fetch: those to pass over, those wanted, and what diversity chooses from.</param>
internal sealed record Asked(RecommendationQuery Query, int Fetched)
{
    private const int MostExcluded = 512;

    /// <summary>Whether it can be answered with others by one pass: its filter only leaves out a few items.</summary>
    public bool CanJoin => Query.Filter is null or { IncludeSeen: null, Candidates: null, Exclude.Count: <= MostExcluded };

    /// <summary>Items that its filter leaves out.</summary>
    public IReadOnlyCollection<string> Excluded => Query.Filter?.Exclude ?? [];

    /// <summary>The query's request.</summary>
    public Request Request => Query.Request;
}
