namespace Tastemaker.Data.Splits;

/// <summary>What to do with users and items of given files that the data set does not have.</summary>
public enum UnknownIds
{
    /// <summary>Refuse, and say which.</summary>
    Error,

    /// <summary>Leave their rows out, and note how many.</summary>
    Drop,
}
