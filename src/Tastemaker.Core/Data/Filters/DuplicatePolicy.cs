namespace Tastemaker.Data.Filters;

/// <summary>Which of several interactions of one user with one item stays.</summary>
public enum DuplicatePolicy
{
    /// <summary>The oldest; in data without times, the first of the source.</summary>
    First,

    /// <summary>The newest; in data without times, the last of the source.</summary>
    Last,

    /// <summary>The one of largest value, the newest of equal ones.</summary>
    Max,

    /// <summary>The newest, with the sum of all values; in data without values, with their count.</summary>
    Sum,
}
