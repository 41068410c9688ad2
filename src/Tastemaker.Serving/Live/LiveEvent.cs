namespace Tastemaker.Serving.Live;

/// <summary>An interaction of a user.</summary>
/// <param name="Item">With what.</param>
/// <param name="Number">Its number in the store.</param>
internal readonly record struct LiveEvent(string Item, long Number);
