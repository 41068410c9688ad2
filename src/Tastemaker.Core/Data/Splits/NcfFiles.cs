using System.Globalization;
using Tastemaker.Data.Locations;
using Tastemaker.Data.Syntax;

namespace Tastemaker.Data.Splits;

/// <summary>
/// The leave-one-out protocol of Neural Collaborative Filtering (He et al. 2017) from its own files: <c>test.rating</c>,
/// <c>test.negative</c> (99 sampled items to rank each target among), and where present a map <c>*item_to*</c> from its item numbers to
/// those of the data set. The files may have a prefix such as "ml-1m." and be gzipped. Training is the data set less the test part.
/// </summary>
/// <param name="Folder">Where the files are.</param>
public sealed record NcfFiles(string Folder) : Splitter
{
    /// <summary>The data set's number for the files' user 0; null for 1 where there is an item map, else 0.</summary>
    public int? UsersFrom { get; init; }

    /// <summary>"leave-one-out" (a random training interaction of each user) or "ratio:0.1" to take a validation part from training; null for none.</summary>
    public string? Validation { get; init; }

    /// <inheritdoc/>
    protected override Split Divide(Dataset data, ulong seed)
    {
        Check(data);
        var mapFile = Locate("item_to", "item map", optional: true);
        var map = mapFile is null ? null : ReadMap(mapFile);
        var shift = UsersFrom ?? (map is null ? 0 : 1);
        string Item(string id) => map is null ? id : map.GetValueOrDefault(id) ?? throw new InputException($"'{mapFile}' has no line for item {id}.");
        string User(string id) => int.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? (number + shift).ToString(CultureInfo.InvariantCulture)
            : throw new InputException($"The files in '{Folder}' have the user '{id}', which is no number; use given(...) for other layouts.");
        var rows = GivenFile.Read(Locate("test.rating", "test interactions")!, bySession: false);
        var given = new GivenParts(data, trainIsGiven: false);
        given.Add(rows with { Users = [.. rows.Users.Select(User)], Items = [.. rows.Items.Select(Item)] }, SplitPart.Test, UnknownIds.Error);
        var (whole, parts) = given.Build();
        ValidationCarving.Parse(Validation)?.Apply(whole, parts, seed);
        var negatives = NegativesFile.Read(Locate("test.negative", "candidates")!, User, Item);
        return new InteractionSplit(Describe(seed), whole, parts, [.. given.Notes, "Ranking among sampled candidates is biased: its figures compare with the published ones only."])
        {
            HasValidation = Validation is not null,
            Shape = (part, users, hold) => part == SplitPart.Test ? negatives.Narrow(hold, users, whole) : hold,
        }.Build();
    }

    /// <inheritdoc/>
    public override string ToString() => SyntaxCall.Print("ncf", ("folder", Folder), ("users-from", UsersFrom), ("validation", Validation));

    internal override bool DividesLabelled => false;

    internal override bool CanIncludeSeen => false;

    internal override IEnumerable<string> Problems()
    {
        var carving = ValidationCarving.Parse(Validation);
        return Validation is not null && carving is null
            ? [$"validation must be leave-one-out or ratio:0.1, not '{Validation}'."]
            : carving?.Problems() ?? [];
    }

    private static Dictionary<string, string> ReadMap(string path) => TextTable.Read(path).Rows
        .Where(row => row.Length > 1 && row[0] is not null && row[1] is not null)
        .ToDictionary(row => row[0]!.Trim(), row => row[1]!.Trim(), StringComparer.Ordinal);

    private string? Locate(string part, string what, bool optional = false)
    {
        var folder = DataPath.Resolve(Folder);
        string[] found = Directory.Exists(folder)
            ? [.. Directory.EnumerateFiles(folder).Where(file => Path.GetFileName(file).Contains(part, StringComparison.Ordinal)).Order(StringComparer.Ordinal)]
            : throw new InputException($"The split '{this}': there is no folder '{Folder}'.");
        return found.Length switch
        {
            1 => found[0],
            0 when optional => null,
            0 => throw new InputException($"The split '{this}': the folder has no file '{part}' of {what}."),
            _ => throw new InputException($"The split '{this}': the folder has several files '{part}': {string.Join(", ", found.Select(Path.GetFileName))}. Leave one."),
        };
    }
}
