using Tastemaker.Data;
using Tastemaker.Data.Features;

namespace Tastemaker.Core.Tests.Data;

/// <summary>Small data sets for tests.</summary>
internal static class GeneratedData
{
    /// <summary>Rows (user, item, value, time in Unix seconds) by identifier; vocabularies in order of appearance.</summary>
    public static Dataset Rows(params (string User, string Item, float Value, long Time)[] rows)
    {
        var users = new Vocabulary(rows.Select(row => row.User).Distinct());
        var items = new Vocabulary(rows.Select(row => row.Item).Distinct());
        return new Dataset
        {
            Name = "rows",
            Users = users,
            Items = items,
            Interactions = new Interactions(
                [.. rows.Select(row => users.IndexOf(row.User))],
                [.. rows.Select(row => items.IndexOf(row.Item))],
                [.. rows.Select(row => row.Value)],
                [.. rows.Select(row => Timestamps.OfSeconds(row.Time))]),
        };
    }

    /// <summary>Distinct pairs of numeric ids from 1, ratings 1..5, times with ties, and a feature that tells a row's source position.</summary>
    public static Dataset Ratings(ulong seed, int users = 30, int items = 40, double density = 0.3)
    {
        var random = new SeededRandom(seed);
        var rows = new List<(int User, int Item, float Value, long Time)>();
        for (var user = 0; user < users; user++)
        {
            for (var item = 0; item < items; item++)
            {
                if (random.NextDouble() < density || item == user % items)
                {
                    rows.Add((user, item, 1 + random.Next(5), 1_000_000_000 + (random.Next(500) * 3600L)));
                }
            }
        }

        var shuffled = rows.ToArray();
        random.Shuffle<(int, int, float, long)>(shuffled);
        return new Dataset
        {
            Name = "ratings",
            Users = new Vocabulary(Enumerable.Range(1, users).Select(id => $"{id}")),
            Items = new Vocabulary(Enumerable.Range(1, items).Select(id => $"{id}")),
            Interactions = new Interactions(
                [.. shuffled.Select(row => row.User)], [.. shuffled.Select(row => row.Item)], [.. shuffled.Select(row => row.Value)], [.. shuffled.Select(row => Timestamps.OfSeconds(row.Time))]),
            InteractionFeatures = new FeatureTable(rows.Count, [new NumericColumn("row", [.. Enumerable.Range(0, rows.Count).Select(row => (float)row)])]),
        };
    }

    /// <summary>The same without times.</summary>
    public static Dataset WithoutTimes(this Dataset data) =>
        data with { Interactions = new Interactions([.. data.Interactions.Users], [.. data.Interactions.Items], [.. data.Interactions.Values]) };

    /// <summary>The rows as identifiers, in source order.</summary>
    public static (string User, string Item, float Value, long Time)[] Listing(this Dataset data) => [.. Enumerable.Range(0, data.Interactions.Count).Select(row => (
        data.Users[data.Interactions.Users[row]],
        data.Items[data.Interactions.Items[row]],
        data.Interactions.HasValues ? data.Interactions.Values[row] : 1,
        data.Interactions.HasTimes ? Timestamps.Seconds(data.Interactions.Times[row]) : 0))];

    /// <summary>The rows as "user item".</summary>
    public static string[] Pairs(this Dataset data) => [.. data.Listing().Select(row => $"{row.User} {row.Item}")];
}
