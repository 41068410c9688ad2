namespace Tastemaker.Server.Contracts;

/// <summary>What is known of an item or a user.</summary>
/// <param name="Title">Names it for people.</param>
/// <param name="Features">Categories by feature name.</param>
internal sealed record EntityBody(string? Title = null, IReadOnlyDictionary<string, IReadOnlyList<string>>? Features = null);
