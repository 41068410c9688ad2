using Tastemaker.Data.Features;
using Tastemaker.Data.Import.Columns;

namespace Tastemaker.Data;

/// <summary>
/// Users (the query side), items (the catalog), what happened between them, and what is known about each of the three. Immutable: filters
/// and splits return new data sets.
/// </summary>
public sealed record Dataset
{
    private string? fingerprint;

    /// <summary>A short name, from the file or the user.</summary>
    public required string Name { get; init; }

    /// <summary>The query side: users, sessions, posts.</summary>
    public required Vocabulary Users { get; init; }

    /// <summary>The catalog that is ranked.</summary>
    public required Vocabulary Items { get; init; }

    /// <summary>What happened, in source order.</summary>
    public required Interactions Interactions { get; init; }

    /// <summary>Features of users, a row a user; null where there are none.</summary>
    public FeatureTable? UserFeatures { get; init; }

    /// <summary>Features of items, a row an item; null where there are none.</summary>
    public FeatureTable? ItemFeatures { get; init; }

    /// <summary>Features of interactions (context), a row an interaction; null where there are none.</summary>
    public FeatureTable? InteractionFeatures { get; init; }

    /// <summary>
    /// Whether values are 0/1 labels: rows are then impressions, of which those with label 1 are positive, and the others were refused. Systems that
    /// learn from what users have see the former alone.
    /// </summary>
    public bool IsLabelled { get; init; }

    /// <summary>Whether the order of a user's interactions in the source is that in which they happened, so that data without times can do for sequences.</summary>
    public bool IsOrdered { get; init; }

    /// <summary>Where the data is from an event store: the number of the last interaction that was read. What has a higher number happened since.</summary>
    public long? StoreUntil { get; init; }

    /// <summary>The columns of the source that became "user", "item", "value", "time" or "label": role to name; empty where the source has no named columns.</summary>
    internal IReadOnlyDictionary<string, string> RoleColumns { get; init; } = new Dictionary<string, string>();

    /// <summary>What was done to the data since import, oldest first, each printable.</summary>
    public IReadOnlyList<string> History { get; init; } = [];

    /// <summary>Name of the text feature of items that names an item for people; null for the one that conventions know.</summary>
    public string? TitleFeature { get; init; }

    /// <summary>
    /// The text feature that names an item for people: <see cref="TitleFeature"/>, else "title", "name", or one like "Product Name", "item_title" or "movie title".
    /// Null where there is none.
    /// </summary>
    public TextColumn? ItemTitles => TitleFeature is { } named ? ItemFeatures?.Find(named) as TextColumn
        : (ItemFeatures?.Find("title") ?? ItemFeatures?.Find("name")) as TextColumn
        ?? ItemFeatures?.Columns.OfType<TextColumn>().FirstOrDefault(column => TitleNames.IsOfThing(column.Name));

    /// <summary>16 hexadecimal digits over vocabularies and interactions; equal for equal content.</summary>
    public string Fingerprint => fingerprint ??= ComputeFingerprint();

    /// <summary>
    /// The data set restricted to the given interaction rows. With <paramref name="shrink"/>, users and items that no longer occur leave the
    /// vocabularies (indexes change, order is kept); features follow.
    /// </summary>
    public Dataset Restrict(ReadOnlySpan<int> rows, string because, bool shrink = true)
    {
        var kept = Interactions.Select(rows);
        var context = InteractionFeatures?.Select(rows);
        var restricted = this with { Interactions = kept, InteractionFeatures = context, History = [.. History, because], fingerprint = null };
        return shrink ? restricted.DropUnused() : restricted;
    }

    private Dataset DropUnused()
    {
        var (keptUsers, newUsers) = Compact(Interactions.Users, Users.Count);
        var (keptItems, newItems) = Compact(Interactions.Items, Items.Count);
        return this with
        {
            Users = new Vocabulary(keptUsers.Select(user => Users[user])),
            Items = new Vocabulary(keptItems.Select(item => Items[item])),
            Interactions = new Interactions(newUsers, newItems, NullIfEmpty(Interactions.HasValues, Interactions.Values), NullIfEmpty(Interactions.HasTimes, Interactions.Times)),
            UserFeatures = UserFeatures?.Select(keptUsers),
            ItemFeatures = ItemFeatures?.Select(keptItems),
            fingerprint = null,
        };
    }

    private static (int[] Kept, int[] Renumbered) Compact(ReadOnlySpan<int> indexes, int count)
    {
        var present = new bool[count];
        foreach (var index in indexes)
        {
            present[index] = true;
        }

        var kept = Enumerable.Range(0, count).Where(index => present[index]).ToArray();
        var map = new int[count];
        for (var index = 0; index < kept.Length; index++)
        {
            map[kept[index]] = index;
        }

        var renumbered = new int[indexes.Length];
        for (var row = 0; row < indexes.Length; row++)
        {
            renumbered[row] = map[indexes[row]];
        }

        return (kept, renumbered);
    }

    private static T[]? NullIfEmpty<T>(bool present, ReadOnlySpan<T> column) => present ? column.ToArray() : null;

    private string ComputeFingerprint()
    {
        var print = new Fingerprint().Add(Interactions);
        foreach (var id in Users.Ids)
        {
            print.Add(id);
        }

        print.Add("|");
        foreach (var id in Items.Ids)
        {
            print.Add(id);
        }

        return IsLabelled ? print.Add("labelled").ToString() : print.ToString();
    }
}
