namespace Tastemaker.Server.Contracts;

/// <summary>What a user has.</summary>
/// <param name="User">The user.</param>
/// <param name="Items">Oldest first: those trained with, then those reported since.</param>
internal sealed record HistoryResponse(string User, IReadOnlyList<HistoryItem> Items);
