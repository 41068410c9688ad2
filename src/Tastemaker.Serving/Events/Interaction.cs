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

/// <summary>An interaction in a store.</summary>
/// <param name="Number">Ascends in the order of storing; gaps are possible.</param>
/// <param name="User">Identifier of the user or session.</param>
/// <param name="Item">Identifier of the item.</param>
/// <param name="Value">A rating, a count; null where there is none.</param>
/// <param name="Time">When it happened.</param>
public sealed record StoredInteraction(long Number, string User, string Item, float? Value, DateTimeOffset Time);

/// <summary>Times as stores keep them: microseconds since 1970, as exact as PostgreSQL's.</summary>
internal static class StoredTime
{
    /// <summary>Microseconds since 1970.</summary>
    public static long Of(DateTimeOffset time) => (time.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;

    /// <summary>The time, in UTC.</summary>
    public static DateTimeOffset At(long microseconds) => DateTimeOffset.UnixEpoch.AddTicks(microseconds * TimeSpan.TicksPerMicrosecond);
}

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
