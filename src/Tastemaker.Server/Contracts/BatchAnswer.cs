using Tastemaker.Serving;

namespace Tastemaker.Server.Contracts;

/// <summary>The answer to a request of a batch: what <see cref="RecommendationResponse"/> has, or a problem.</summary>
/// <param name="Items">As many as asked for, or all that remain.</param>
/// <param name="Strategy">Who answered: model, fold-in, content or popularity.</param>
/// <param name="Notes">What the reader should know.</param>
/// <param name="Model">Version of the model that answered.</param>
/// <param name="Next">The cursor of the next page; absent on the last, and where diversity reorders the list.</param>
/// <param name="Problem">Why the request was not answered; then all else is absent.</param>
internal sealed record BatchAnswer(
    IReadOnlyList<RecommendedItem>? Items = null, string? Strategy = null, IReadOnlyList<string>? Notes = null, string? Model = null, string? Next = null, Problem? Problem = null)
{
    /// <summary>An answer.</summary>
    public static BatchAnswer Of(RecommendationResponse answer) => new(answer.Items, answer.Strategy, answer.Notes, answer.Model, answer.Next);

    /// <summary>A request that is not answered.</summary>
    public static BatchAnswer Of(Problem problem) => new(Problem: problem);
}
