namespace Tastemaker.Serving.Events;

/// <summary>What is known of an item or a user beside interactions.</summary>
/// <param name="Id">Its identifier.</param>
/// <param name="Features">Texts by feature name; several categories are separated by "|". "title" names an item for people.</param>
public sealed record EntityRecord(string Id, IReadOnlyDictionary<string, string> Features)
{
    /// <summary>Between the categories of a feature.</summary>
    internal const char Separator = '|';
}

/// <summary>What a record describes.</summary>
public enum EntityKind
{
    /// <summary>An item of the catalog.</summary>
    Item,

    /// <summary>A user.</summary>
    User,
}
