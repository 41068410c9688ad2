using Tastemaker.Data.Import.Columns;

namespace Tastemaker.Data.Splits;

/// <summary>
/// What is right where nobody says: by time where there are times. That is <see cref="Temporal"/> where most who are tested are known by then, and else each
/// user's newest interactions; without times, random interactions of each user.
/// </summary>
public sealed record Automatic : Splitter
{
    /// <summary>What the split is called.</summary>
    internal const string Name = "auto";

    // A cut at one moment measures systems for those who came back; where fewer than half did, it would measure cold start alone.
    private const double LeastWarm = 0.5;

    // Times most of which are one and the same, such as 0 for unknown, order nothing.
    private const double MostAtOnce = 0.5;

    private static readonly string[] SessionNames = ["sessionid", "session", "visitid", "visit"];

    /// <inheritdoc/>
    protected override Split Divide(Dataset data, ulong seed)
    {
        Check(data);
        if (!data.Interactions.HasTimes && data.IsOrdered)
        {
            return Apply(new RatioByUser(By: HoldOutOrder.Order), data, seed, "The order of each line is taken as the order of time: the last interactions of each user are held out. If the order means nothing: --split ratio-by-user, which holds out random ones.");
        }

        if (!data.Interactions.HasTimes || ShareOfMostFrequent(data.Interactions.Times) > MostAtOnce)
        {
            return Apply(new RatioByUser(), data, seed, "There are no times to split by: random interactions of each user are held out.");
        }

        var temporal = Try(new Temporal(), data, seed);
        return temporal is not null && (data.IsLabelled || Warm(temporal) >= LeastWarm)
            ? Noted(temporal, "The split is by time, since the data has times.", data)
            : Apply(new RatioByUser(By: HoldOutOrder.Time), data, seed, "The split is by time within each user, since the data has times but most users of its newest part are new.");
    }

    /// <inheritdoc/>
    public override string ToString() => Name;

    // Who has sessions may not know that they can be tested as wholes.
    private static string OfSessions(Dataset data) => data.IsLabelled || !data.Interactions.HasTimes ? ""
        : data.RoleColumns.GetValueOrDefault("user") is { } user && SessionNames.Contains(RoleNames.Plain(user)) ? $" The users are sessions ('{user}'): --split sessions tests the last ones as wholes, event by event."
        : data.InteractionFeatures?.Columns.FirstOrDefault(column => SessionNames.Contains(RoleNames.Plain(column.Name))) is { } column ? $" Column '{column.Name}' names sessions: --user-column {column.Name} --split sessions tests the last ones as wholes, event by event."
        : "";

    // Shares of users with a handful of interactions may be empty; shares of all interactions are not.
    private Split Apply(Splitter splitter, Dataset data, ulong seed, string why) => Try(splitter, data, seed) is { } split ? Noted(split, why, data)
        : Noted((new RandomSplit() with { IncludeSeen = IncludeSeen }).Apply(data, seed), "Users have too few interactions to hold out a share of each one's: random interactions are held out, regardless of user.", data);

    private Split? Try(Splitter splitter, Dataset data, ulong seed)
    {
        try
        {
            return (splitter with { IncludeSeen = IncludeSeen }).Apply(data, seed);
        }
        catch (InputException)
        {
            return null; // a part would be empty; the other split by time needs no cut
        }
    }

    private static Split Noted(Split split, string why, Dataset data) => split with { Notes = [$"{why}{OfSessions(data)} Another split: --split NAME, see docs/splits.md.", .. split.Notes] };

    // The share of requests by users that systems have learned something of, in the part that has fewer.
    private static double Warm(Split split) => new[] { split.Validation, split.Test }.OfType<HoldOut>()
        .Min(part => 1 - (part.Requests.Users.Count(-1) / (double)Math.Max(1, part.Count)));

    private static double ShareOfMostFrequent(ReadOnlySpan<long> times)
    {
        // Sorted, a time that holds more than half of all is the middle one.
        var sorted = times.ToArray();
        Array.Sort(sorted);
        var middle = sorted[sorted.Length / 2];
        return sorted.AsSpan().Count(middle) / (double)sorted.Length;
    }
}
