namespace Tastemaker.Data.Splits;

/// <summary>Users and items of a given file that the data set does not have.</summary>
internal sealed class UnknownNames(GivenInteractions rows, Dataset data)
{
    private const int Shown = 3;
    private readonly HashSet<string> users = [];
    private readonly HashSet<string> items = [];
    private int count;

    /// <summary>Notes a row.</summary>
    public void Add(int row, bool unknownUser, bool unknownItem)
    {
        count++;
        if (unknownUser)
        {
            users.Add(rows.Users[row]);
        }

        if (unknownItem)
        {
            items.Add(rows.Items[row]);
        }
    }

    /// <summary>A note on what was left out.</summary>
    /// <exception cref="InputException">Unknown names are an error.</exception>
    public string Report(UnknownIds unknown)
    {
        var counted = $"{count} of {rows.Count} rows of '{rows.Path}' name {users.Count} users and {items.Count} items that '{data.Name}' does not have";
        return unknown == UnknownIds.Drop
            ? $"{counted}; they were left out."
            : throw new InputException(
                $"{counted}{Examples()}. Import the data that the files were taken from, undo filters that dropped them, or say unknown=drop to leave the rows out.");
    }

    private string Examples()
    {
        var examples = users.Order(StringComparer.Ordinal).Take(Shown).Select(id => $"user '{id}'")
            .Concat(items.Order(StringComparer.Ordinal).Take(Shown).Select(id => $"item '{id}'"));
        return $" ({string.Join(", ", examples)}{(users.Count > Shown || items.Count > Shown ? ", ..." : "")})";
    }
}
