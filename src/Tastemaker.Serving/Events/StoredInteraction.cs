namespace Tastemaker.Serving.Events;

/// <summary>An interaction in a store.</summary>
/// <param name="Number">Ascends in the order of storing; gaps are possible.</param>
/// <param name="User">Identifier of the user or session.</param>
/// <param name="Item">Identifier of the item.</param>
/// <param name="Value">A rating, a count; null where there is none.</param>
/// <param name="Time">When it happened.</param>
public sealed record StoredInteraction(long Number, string User, string Item, float? Value, DateTimeOffset Time);
