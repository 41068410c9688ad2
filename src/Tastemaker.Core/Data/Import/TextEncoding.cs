namespace Tastemaker.Data.Import;

/// <summary>Character encoding of delimited text. UTF-16 is recognized whatever is said here.</summary>
public enum TextEncoding
{
    /// <summary>UTF-8; a file that is not valid UTF-8 is read as windows-1252, with a warning.</summary>
    Auto,

    /// <summary>UTF-8, and nothing else.</summary>
    Utf8,

    /// <summary>Latin-1 (ISO 8859-1).</summary>
    Latin1,

    /// <summary>Windows-1252, the western code page of Windows: Latin-1 with dashes, quotation marks and the euro sign.</summary>
    Windows1252,
}
