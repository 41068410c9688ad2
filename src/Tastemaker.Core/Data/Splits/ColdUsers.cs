using Tastemaker.Data.Syntax;

namespace Tastemaker.Data.Splits;

/// <summary>
/// Users of whom training holds nothing, asked when nothing or only their first few interactions are known. The catalog stays whole.
/// Requests carry the features and texts of their users, for systems that read them.
/// </summary>
/// <param name="Share">Share of users that are tested. <value>0.1</value></param>
/// <param name="Validation">Share of users for validation; 0 for none. <value>0.1</value></param>
/// <param name="Known">How many of a user's first items (by time where there are times) are told. <value>0</value></param>
public sealed record ColdUsers(decimal Share = 0.1m, decimal Validation = 0.1m, int Known = 0) : Splitter
{
    /// <summary>A column of users: those who share a value are held out together, and shares are of its values. Null for each user alone; so are users without a value.</summary>
    public string? By { get; init; }

    /// <inheritdoc/>
    protected override Split Divide(Dataset data, ulong seed)
    {
        Check(data);
        var order = new UserTimelines(data.Interactions, data.Users.Count);
        int[] active = [.. Enumerable.Range(0, data.Users.Count).Where(user => order[user].Length > 0)];
        var groups = Groups(data, active);
        var (test, validation) = (Share.Of(groups.Length), Validation.Of(groups.Length));
        if (test == 0 || (Validation > 0 && validation == 0))
        {
            throw new InputException($"The split '{this}' has an empty part: '{data.Name}' has {groups.Length} {(By is null ? "users" : $"values of '{By}'")}. Use larger shares.");
        }

        new SeededRandom(seed).Shuffle<int[]>(groups);
        int[] Users(Range of) => [.. groups[of].SelectMany(group => group).Order()];
        var train = HeldOutUsers.TrainOn(data, Users((test + validation)..), $"training part of {Describe(seed)}", shrink: false);
        var users = new HeldOutUsers(data, order, train, _ => items => [.. Enumerable.Range(0, items).Select(place => place >= Known)]) { TellsFeatures = true };
        List<string> notes = [];
        return new Split
        {
            Description = Describe(seed),
            Train = train,
            Validation = validation == 0 ? null : users.Hold(Users(test..(test + validation)), "validation", Describe(seed), notes),
            Test = users.Hold(Users(..test), "test", Describe(seed), notes),
            Notes = notes,
        };
    }

    /// <inheritdoc/>
    public override string ToString() => SyntaxCall.Print("cold-users", ("share", Share), ("validation", Validation), ("known", Known), ("by", By));

    internal override bool DividesLabelled => false;

    internal override bool CanIncludeSeen => false;

    internal override IEnumerable<string> Problems()
    {
        foreach (var problem in SplitFractions.Problems(Share, Validation))
        {
            yield return problem.Replace("test ", "share ", StringComparison.Ordinal);
        }

        if (Known < 0)
        {
            yield return $"known must be 0 or more, not {Known}.";
        }
    }

    private int[][] Groups(Dataset data, int[] active)
    {
        if (By is null)
        {
            return Array.ConvertAll(active, user => (int[])[user]);
        }

        var column = data.UserFeatures?.Find(By) ?? throw new InputException(
            $"The split '{this}' needs a column '{By}' of users, but those of '{data.Name}' have {(data.UserFeatures is { Columns.Count: > 0 } table ? string.Join(", ", table.Columns.Select(other => other.Name)) : "none")}. Name another with by=COLUMN, or import a file of users.");
        return [.. active.GroupBy(user => column.Describe(user) is { Length: > 0 } value ? (value, -1) : ("", user)).Select(group => group.ToArray())];
    }
}
