namespace Tastemaker.Data.Import;

/// <summary>Whether the first line of delimited text names the columns.</summary>
public enum HeaderLine
{
    /// <summary>Recognized from the first lines.</summary>
    Auto,

    /// <summary>The first line names the columns.</summary>
    Present,

    /// <summary>The first line is data; columns are named column1, column2, ...</summary>
    Absent,
}
