namespace Tastemaker.Serving.Events;

/// <summary>Something that happened between a user and an item.</summary>
/// <param name="User">Identifier of the user or session.</param>
/// <param name="Item">Identifier of the item.</param>
public sealed record Interaction(string User, string Item)
{
    /// <summary>A rating, a count; null where there is none.</summary>
    public float? Value { get; init; }

    /// <summary>When; null for the moment it is stored.</summary>
    public DateTimeOffset? Time { get; init; }
}
