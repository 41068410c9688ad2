namespace Tastemaker.Data.Import;

/// <summary>What becomes of the interactions of an event store that have no value where others have one: views beside ratings, for example.</summary>
public enum MissingValues
{
    /// <summary>The import is refused, and says what can be done.</summary>
    Refuse,

    /// <summary>They are positives: they count as the largest value in the store. What rankers learn from.</summary>
    Positive,

    /// <summary>They are left out. What systems that predict ratings need.</summary>
    LeaveOut,
}
