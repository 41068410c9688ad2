namespace Tastemaker.Data.Import;

/// <summary>What becomes of rows that cannot be read: a missing user, item, value or time, text where a number or a date is due, a line of the wrong width.</summary>
public enum BadRows
{
    /// <summary>They are left out, counted for each reason, and the first of them are shown. Where more than half of all rows are bad, the data is refused.</summary>
    Drop,

    /// <summary>The data is refused with every reason, its first rows and their count.</summary>
    Error,
}
