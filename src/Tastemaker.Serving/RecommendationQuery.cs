using Tastemaker.Recommending;

namespace Tastemaker.Serving;

/// <summary>What a caller wants: who asks, how many items, and which may be among them.</summary>
public sealed record RecommendationQuery
{
    /// <summary>Who or what asks.</summary>
    public required Request Request { get; init; }

    /// <summary>The name of the model to ask, one of <see cref="IRecommendationService.Models"/>; null for the one that serves.</summary>
    public string? Model { get; init; }

    /// <summary>How many items; at least 1.</summary>
    public int Count { get; init; } = 10;

    /// <summary>How many of the best items to pass over: the pages before this one.</summary>
    public int Skip { get; init; }

    /// <summary>Which items may be recommended; null for all but those the user has.</summary>
    public CandidateFilter? Filter { get; init; }

    /// <summary>
    /// Only items that have, of every feature named here, at least one of its categories, such as genres: Comedy or Crime. Features are those of the training
    /// data, and above them those of <see cref="IRecommendationService.PutAsync"/>. Narrows <see cref="Filter"/>.
    /// </summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>>? Where { get; init; }

    /// <summary>
    /// Diversity by maximal marginal relevance, from 0 (none) to 1 (items unlike those above them, whatever their score). For systems that give items vectors.
    /// </summary>
    public double Diversity { get; init; }

    /// <summary>Whether each item comes with the items of the history that speak for it.</summary>
    public bool Explain { get; init; }

    private const int MostExcluded = 512;

    /// <summary>Items to fetch: those to pass over, those wanted, and what diversity chooses from.</summary>
    internal int Fetched => Diversity > 0 ? Answering.Diversity.Fetched(Skip + Count) : Skip + Count;

    /// <summary>Whether it can be answered with others by one pass: its filter only leaves out a few items.</summary>
    internal bool CanJoin => Filter is null or { IncludeSeen: null, Candidates: null, Exclude.Count: <= MostExcluded };

    /// <summary>Items that its filter leaves out.</summary>
    internal IReadOnlyCollection<string> Excluded => Filter?.Exclude ?? [];
}
