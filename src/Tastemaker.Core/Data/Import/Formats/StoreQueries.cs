namespace Tastemaker.Data.Import.Formats;

/// <summary>How an event store is read.</summary>
/// <param name="Interactions">User, item, value where there are any, time in Unix microseconds; in the order of storing.</param>
/// <param name="Items">Items with a column a feature; null where none are described.</param>
/// <param name="Users">Users with a column a feature; null where none are described.</param>
/// <param name="Last">Number of the last interaction that is read.</param>
/// <param name="Notes">What the user should know of what is read.</param>
internal sealed record StoreQueries(string Interactions, string? Items, string? Users, long Last, IReadOnlyList<string> Notes);
