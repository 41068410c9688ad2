namespace Tastemaker.Data.Splits;

/// <summary>What the rows of given files are.</summary>
public enum GivenKind
{
    /// <summary>Interactions of users: what a user has in the test file is asked of that user.</summary>
    Interactions,

    /// <summary>Events of sessions: each event but the first is asked for, given the events before it.</summary>
    Sessions,

    /// <summary>Whole users that are not in the data set: part of what each has is told, the rest is asked for.</summary>
    Strangers,
}
