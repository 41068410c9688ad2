namespace Tastemaker.Serving.Maps;

/// <summary>An item on a map.</summary>
/// <param name="Item">Its identifier.</param>
/// <param name="Title">Its title where known.</param>
/// <param name="X">From -1 to 1.</param>
/// <param name="Y">From -1 to 1.</param>
/// <param name="Users">How many users of the training data have it.</param>
/// <param name="Group">The first category of the feature that groups items; null where it has none.</param>
public sealed record MapPoint(string Item, string? Title, float X, float Y, int Users, string? Group = null);
