namespace Tastemaker.Data.Filters;

/// <summary>Reads and lists the filters by the names used on command lines and in recipes, e.g. "k-core(5)".</summary>
public static class FilterSyntax
{
    /// <summary>The filter for a text.</summary>
    /// <exception cref="InputException">The name or an argument is unknown or out of range; names the nearest valid one.</exception>
    public static DataFilter Parse(string text) => throw new InputException($"Unknown filter '{text}'.");
}
