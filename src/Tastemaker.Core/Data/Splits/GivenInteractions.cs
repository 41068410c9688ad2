namespace Tastemaker.Data.Splits;

/// <summary>The rows of a file that names a part of a split, in the identifiers of the file.</summary>
/// <param name="Path">The file.</param>
/// <param name="FirstLine">Line number of the first row, for messages.</param>
/// <param name="Users">User or session of each row.</param>
/// <param name="Items">Item of each row.</param>
/// <param name="Values">Value of each row; null where the file has none.</param>
/// <param name="Times">Time of each row (<see cref="Timestamps"/>); null where the file has none.</param>
internal sealed record GivenInteractions(string Path, int FirstLine, string[] Users, string[] Items, float[]? Values, long[]? Times)
{
    /// <summary>Number of rows.</summary>
    public int Count => Users.Length;

    /// <summary>Where a row is, for messages.</summary>
    public string Place(int row) => $"'{Path}' row {FirstLine + row} (user {Users[row]}, item {Items[row]})";
}
