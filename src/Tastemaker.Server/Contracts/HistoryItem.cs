namespace Tastemaker.Server.Contracts;

/// <summary>An item of a history.</summary>
/// <param name="Item">Its identifier.</param>
/// <param name="Title">Its title where known.</param>
internal sealed record HistoryItem(string Item, string? Title);
