namespace Tastemaker.Serving.Events;

/// <summary>Interactions to be counted or forgotten: those that meet every condition given; at least one must be.</summary>
public sealed record InteractionFilter
{
    /// <summary>Only what happened before this time.</summary>
    public DateTimeOffset? Before { get; init; }

    /// <summary>Only what this user did.</summary>
    public string? User { get; init; }

    /// <summary>Only what was done with this item.</summary>
    public string? Item { get; init; }

    /// <summary>Whether an interaction meets the conditions.</summary>
    internal bool Matches(StoredInteraction one) => !(one.Time >= Before) && (User is null || one.User == User) && (Item is null || one.Item == Item);

    /// <summary>Checks that a condition is given: a filter without any would mean everything.</summary>
    /// <exception cref="InputException">There is none.</exception>
    internal void Check()
    {
        if (this is { Before: null, User: null, Item: null })
        {
            throw new InputException("Which interactions are meant? Name a time, a user or an item.");
        }
    }
}
