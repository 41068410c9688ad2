namespace Tastemaker.Evaluation;

/// <summary>How items of equal score are ordered when ranks are taken.</summary>
public enum TieRule
{
    /// <summary>Lower item indexes first: deterministic, and the order in which lists are shown.</summary>
    ByItem,

    /// <summary>The mean over all orders of the equal items, computed exactly: a constant scorer gets what chance would give.</summary>
    Expected,

    /// <summary>Targets after all other items of equal score: exposes systems whose scores saturate.</summary>
    Conservative,
}
