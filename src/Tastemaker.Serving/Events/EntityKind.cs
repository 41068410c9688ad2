namespace Tastemaker.Serving.Events;

/// <summary>What a record describes.</summary>
public enum EntityKind
{
    /// <summary>An item of the catalog.</summary>
    Item,

    /// <summary>A user.</summary>
    User,
}
