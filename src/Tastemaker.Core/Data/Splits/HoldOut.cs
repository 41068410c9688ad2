using Tastemaker.Recommending;

namespace Tastemaker.Data.Splits;

/// <summary>
/// Requests whose right answers are known but were kept from training: what validation and test consist of.
/// </summary>
public sealed record HoldOut
{
    /// <summary>What is asked: known users with their training history, or cold-start users with a history to go by.</summary>
    public required RequestBatch Requests { get; init; }

    /// <summary>
    /// A row a request: the distinct items that were held out, ascending, with their values (ratings) and times where the data has them. Never empty.
    /// </summary>
    public required SparseRows Targets { get; init; }

    /// <summary>A row a request: items that are no candidates (seen in training, or in validation when testing), ascending; null for none.</summary>
    public SparseRows? Excluded { get; init; }

    /// <summary>A row a request: the only candidates, ascending, targets among them; null for the whole catalog. Sampled protocols use it.</summary>
    public SparseRows? Candidates { get; init; }

    /// <summary>What the candidates are when they are not the catalog, for labelling results, e.g. "sampled(99, file)"; null otherwise.</summary>
    public string? CandidateLabel { get; init; }

    /// <summary>
    /// Of labelled data, the held-out rows of both labels with their context: what click metrics are taken on. Null otherwise. There may then
    /// be no requests at all, where nothing is positive that could be ranked.
    /// </summary>
    public Dataset? Impressions { get; init; }

    /// <summary>Makes what metrics of events walk through; null where a hold-out has none but its targets.</summary>
    internal Func<HeldOutEvents>? Events { get; init; }

    /// <summary>Number of requests.</summary>
    public int Count => Requests.Count;
}
