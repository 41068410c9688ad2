namespace Tastemaker.Server.Contracts;

/// <summary>Many requests in one call.</summary>
/// <param name="Requests">The requests.</param>
internal sealed record BatchRequest(IReadOnlyList<RecommendationRequest>? Requests);
