namespace Tastemaker.Data.Splits;

/// <summary>How given files are laid out.</summary>
public enum GivenLayout
{
    /// <summary>Recognized, file by file.</summary>
    Auto,

    /// <summary>A line a user: the number of its items, and the items. Users are the numbers of their lines, from 0.</summary>
    CountedLines,
}
