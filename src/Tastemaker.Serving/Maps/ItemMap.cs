namespace Tastemaker.Serving.Maps;

/// <summary>The items of a model on a plane: near each other where the model finds them alike. Directions and distances between far items say nothing.</summary>
/// <param name="System">Id of the system.</param>
/// <param name="Model">The version of the model.</param>
/// <param name="Basis">What likeness is made of, in words.</param>
/// <param name="GroupedBy">The feature that groups items; null where items have none.</param>
/// <param name="Points">At most 20,000, the most popular items first.</param>
public sealed record ItemMap(string System, string Model, string Basis, string? GroupedBy, IReadOnlyList<MapPoint> Points);

/// <summary>An item on a map.</summary>
/// <param name="Item">Its identifier.</param>
/// <param name="Title">Its title where known.</param>
/// <param name="X">From -1 to 1.</param>
/// <param name="Y">From -1 to 1.</param>
/// <param name="Users">How many users of the training data have it.</param>
/// <param name="Group">The first category of the feature that groups items; null where it has none.</param>
public sealed record MapPoint(string Item, string? Title, float X, float Y, int Users, string? Group = null);
