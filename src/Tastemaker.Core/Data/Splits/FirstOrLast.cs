namespace Tastemaker.Data.Splits;

/// <summary>By which of its events a session is placed in time.</summary>
public enum FirstOrLast
{
    /// <summary>Its last event: sessions that reach into the last day are tested.</summary>
    Last,

    /// <summary>Its first event: sessions that begin in the last day are tested, and training ends where that day begins.</summary>
    First,
}
