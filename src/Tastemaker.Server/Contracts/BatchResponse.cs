namespace Tastemaker.Server.Contracts;

/// <summary>The answers to a batch.</summary>
/// <param name="Answers">In the order of the requests.</param>
internal sealed record BatchResponse(IReadOnlyList<BatchAnswer> Answers);
