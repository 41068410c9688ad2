using Tastemaker.Recommending;
using Tastemaker.Serving;

namespace Tastemaker.Server.Contracts;

/// <summary>Who asks, for how many items, and which.</summary>
internal sealed record RecommendationRequest
{
    /// <summary>A user; need not be one the model was trained with.</summary>
    public string? User { get; init; }

    /// <summary>Items, oldest first; in place of what is known of the user.</summary>
    public IReadOnlyList<string>? History { get; init; }

    /// <summary>Features of the user or the context: categories by name.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>>? Features { get; init; }

    /// <summary>A text the request is about, for systems that read content.</summary>
    public string? Content { get; init; }

    /// <summary>How many items; 10 if not given.</summary>
    public int? Count { get; init; }

    /// <summary>Items never to recommend.</summary>
    public IReadOnlyList<string>? Exclude { get; init; }

    /// <summary>If given, only these are ranked.</summary>
    public IReadOnlyList<string>? Candidates { get; init; }

    /// <summary>Whether items of the history may be recommended again; if not given, as is natural for the system.</summary>
    public bool? IncludeSeen { get; init; }

    /// <summary>Only items that have, of every feature named, at least one of its categories.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>>? Where { get; init; }

    /// <summary>From 0, the best items, to 1, items unlike those above them.</summary>
    public double Diversity { get; init; }

    /// <summary>Whether each item comes with the items of the history that speak for it.</summary>
    public bool Explain { get; init; }

    /// <summary>The name of the model to ask; if not given, the one that serves.</summary>
    public string? Model { get; init; }

    /// <summary>What the answer before gave as "next", to go on after it.</summary>
    public string? Cursor { get; init; }
}

/// <summary>A list, best item first.</summary>
/// <param name="Items">As many as asked for, or all that remain.</param>
/// <param name="Strategy">Who answered: model, fold-in, content or popularity.</param>
/// <param name="Notes">What the reader should know.</param>
/// <param name="Model">Version of the model that answered.</param>
/// <param name="Next">The cursor of the next page; absent on the last, and where diversity reorders the list.</param>
internal sealed record RecommendationResponse(IReadOnlyList<Recommendation> Items, string Strategy, IReadOnlyList<string> Notes, string Model, string? Next = null);

/// <summary>Many requests in one call.</summary>
/// <param name="Requests">The requests.</param>
internal sealed record BatchRequest(IReadOnlyList<RecommendationRequest>? Requests);

/// <summary>The answers to a batch.</summary>
/// <param name="Answers">In the order of the requests.</param>
internal sealed record BatchResponse(IReadOnlyList<BatchAnswer> Answers);

/// <summary>The answer to a request of a batch: what <see cref="RecommendationResponse"/> has, or a problem.</summary>
/// <param name="Items">As many as asked for, or all that remain.</param>
/// <param name="Strategy">Who answered: model, fold-in, content or popularity.</param>
/// <param name="Notes">What the reader should know.</param>
/// <param name="Model">Version of the model that answered.</param>
/// <param name="Next">The cursor of the next page; absent on the last, and where diversity reorders the list.</param>
/// <param name="Problem">Why the request was not answered; then all else is absent.</param>
internal sealed record BatchAnswer(
    IReadOnlyList<Recommendation>? Items = null, string? Strategy = null, IReadOnlyList<string>? Notes = null, string? Model = null, string? Next = null, Problem? Problem = null)
{
    /// <summary>An answer.</summary>
    public static BatchAnswer Of(RecommendationResponse answer) => new(answer.Items, answer.Strategy, answer.Notes, answer.Model, answer.Next);

    /// <summary>A request that is not answered.</summary>
    public static BatchAnswer Of(Problem problem) => new(Problem: problem);
}
