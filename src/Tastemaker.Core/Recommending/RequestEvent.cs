namespace Tastemaker.Recommending;

/// <summary>An interaction of a user that is newer than the data of a recommender; see <see cref="Request.Events"/>.</summary>
/// <param name="Item">Identifier of the item.</param>
public sealed record RequestEvent(string Item)
{
    /// <summary>A rating or a count, on the scale of the data; null where there is none, which counts as the highest rating.</summary>
    public float? Value { get; init; }

    /// <summary>When; null for the time of the interaction before it.</summary>
    public DateTimeOffset? Time { get; init; }
}
