namespace Tastemaker.Data.Splits;

/// <summary>
/// Finds the rows of given files in a data set and labels them. A pair of user and item that occurs several times is found newest first.
/// Held-out rows that the data does not have are added to it.
/// </summary>
internal sealed class GivenParts
{
    private readonly Dataset data;
    private readonly Dictionary<long, int> latest = [];
    private readonly int[] previous;
    private readonly SplitPart[] parts;
    private readonly List<(int User, int Item, float Value, long Time, SplitPart Part)> added = [];

    /// <summary>Prepares the look-up; all rows are training, or dropped where a file says what training is.</summary>
    public GivenParts(Dataset data, bool trainIsGiven)
    {
        this.data = data;
        parts = new SplitPart[data.Interactions.Count];
        previous = new int[parts.Length];
        Array.Fill(parts, trainIsGiven ? SplitPart.Dropped : SplitPart.Train);
        for (var row = 0; row < parts.Length; row++)
        {
            var key = Key(data.Interactions.Users[row], data.Interactions.Items[row]);
            previous[row] = latest.TryGetValue(key, out var other) ? other : -1;
            latest[key] = row;
        }
    }

    /// <summary>What was found out that a reader of results should know.</summary>
    public List<string> Notes { get; } = [];

    /// <summary>Labels the rows of a file.</summary>
    /// <exception cref="InputException">Users or items are unknown, or rows cannot be added.</exception>
    public void Add(GivenInteractions rows, SplitPart part, UnknownIds unknown)
    {
        var (before, dropped) = (added.Count, 0);
        var missing = new UnknownNames(rows, data);
        for (var row = 0; row < rows.Count; row++)
        {
            var (user, item) = (data.Users.IndexOf(rows.Users[row]), data.Items.IndexOf(rows.Items[row]));
            if (user < 0 || item < 0)
            {
                missing.Add(row, user < 0, item < 0);
                dropped++;
            }
            else if (latest.TryGetValue(Key(user, item), out var found) && found >= 0)
            {
                latest[Key(user, item)] = previous[found];
                parts[found] = part;
            }
            else
            {
                CanAdd(rows, row, part);
                added.Add((user, item, rows.Values?[row] ?? 0, rows.Times?[row] ?? 0, part));
            }
        }

        if (dropped > 0)
        {
            Notes.Add(missing.Report(unknown));
        }

        if (added.Count > before)
        {
            Notes.Add($"{added.Count - before} of {rows.Count} rows of '{Path.GetFileName(rows.Path)}' are not in the data set and were taken as the file gives them.");
        }
    }

    /// <summary>The data with what was added, and a part for each of its rows.</summary>
    public (Dataset Data, SplitPart[] Parts) Build()
    {
        var unnamed = parts.Count(part => part == SplitPart.Dropped);
        if (unnamed > 0)
        {
            Notes.Add($"{unnamed} of {parts.Length} interactions of the data set are in none of the files and were left out.");
        }

        if (added.Count == 0)
        {
            return (data, parts);
        }

        var source = data.Interactions;
        var extended = new Interactions(
            [.. source.Users, .. added.Select(row => row.User)],
            [.. source.Items, .. added.Select(row => row.Item)],
            source.HasValues ? [.. source.Values, .. added.Select(row => row.Value)] : null,
            source.HasTimes ? [.. source.Times, .. added.Select(row => row.Time)] : null);
        return (data.WithInteractions(extended), [.. parts, .. added.Select(row => row.Part)]);
    }

    // Not the two halves of a long: their hash is an exclusive or, which is the same for most pairs of small numbers.
    private long Key(int user, int item) => ((long)user * data.Items.Count) + item;

    private void CanAdd(GivenInteractions rows, int row, SplitPart part)
    {
        var lacks = part == SplitPart.Train ? "is a training interaction, which must be in the data set"
            : data.IsLabelled ? "has no label there"
            : data.InteractionFeatures is not null ? "lacks the context features of the data set"
            : data.Interactions.HasValues && rows.Values is null ? "lacks the value that interactions of the data set have"
            : data.Interactions.HasTimes && rows.Times is null ? "lacks the time that interactions of the data set have"
            : null;
        if (lacks is not null)
        {
            throw new InputException($"{rows.Place(row)} is not in the data set '{data.Name}', and {lacks}. Import the data that all parts were taken from.");
        }
    }
}
