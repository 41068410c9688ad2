namespace Tastemaker.Serving.Events;

/// <summary>What is known of an item or a user beside interactions.</summary>
/// <param name="Id">Its identifier.</param>
/// <param name="Features">Texts by feature name; several categories are separated by "|". "title" names an item for people.</param>
public sealed record EntityRecord(string Id, IReadOnlyDictionary<string, string> Features);
