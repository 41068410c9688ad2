namespace Tastemaker.Evaluation;

/// <summary>The rank of an item among others of the same score.</summary>
public enum TieRule
{
    /// <summary>Lower item indexes first: deterministic, and the order in which lists are shown.</summary>
    ByItem,

    /// <summary>The expected rank of a random order: 1 + items above + other equal items / 2.</summary>
    Expected,

    /// <summary>Last among equals: 1 + items above + other equal items; exposes saturated scores.</summary>
    Conservative,
}
