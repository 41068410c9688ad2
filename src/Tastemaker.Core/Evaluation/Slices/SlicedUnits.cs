using Tastemaker.Data;
using Tastemaker.Data.Features;
using Tastemaker.Data.Splits;

namespace Tastemaker.Evaluation.Slices;

/// <summary>What is sliced: labelled rows with user, item and context, or requests with their user alone.</summary>
internal sealed class SlicedUnits
{
    private readonly (string Prefix, FeatureTable? Table, int[]? Entities)[] tables;
    private readonly TrainingSet train;
    private readonly int[] users;
    private readonly int[]? items;

    private SlicedUnits(TrainingSet train, int[] users, int[]? items, FeatureTable? context, bool[] measured)
    {
        (this.train, this.users, this.items) = (train, users, items);
        Measured = measured;
        tables =
        [
            ("user", train.Data.UserFeatures, users),
            ("item", items is null ? null : train.Data.ItemFeatures, items),
            ("context", context, context is null ? null : [.. Enumerable.Range(0, users.Length)]),
        ];
    }

    /// <summary>Which units count.</summary>
    public bool[] Measured { get; }

    /// <summary>The labelled rows of a hold-out.</summary>
    public static SlicedUnits Rows(TrainingSet train, Dataset impressions) => new(
        train, impressions.Interactions.Users.ToArray(), impressions.Interactions.Items.ToArray(), impressions.InteractionFeatures,
        [.. Enumerable.Repeat(true, impressions.Interactions.Count)]);

    /// <summary>The requests of a hold-out.</summary>
    public static SlicedUnits Requests(TrainingSet train, HoldOut holdOut) => new(
        train, holdOut.Requests.Users.ToArray(), null, null, [.. Enumerable.Range(0, holdOut.Count).Select(request => holdOut.Targets.Length(request) > 0)]);

    /// <summary>The units by the values of a column.</summary>
    /// <param name="name">"user-activity", "item-popularity", or a feature, with "user.", "item." or "context." before it where several have it.</param>
    /// <param name="problems">Receives what is wrong.</param>
    public IReadOnlyList<(string Value, int[] Units)> Group(string name, List<string> problems)
    {
        if (name.Equals("user-activity", StringComparison.OrdinalIgnoreCase))
        {
            return ByCount(users, CountOf(train.Interactions.Users, train.UserCount));
        }

        if (name.Equals("item-popularity", StringComparison.OrdinalIgnoreCase) && items is not null)
        {
            return ByCount(items, CountOf(train.Interactions.Items, train.ItemCount));
        }

        var found = tables
            .Select(table => (table.Entities, Column: table.Table?.Find(name.StartsWith(table.Prefix + ".", StringComparison.OrdinalIgnoreCase) ? name[(table.Prefix.Length + 1)..] : name), table.Prefix))
            .Where(place => place.Column is not null).ToArray();
        if (found.Length != 1)
        {
            problems.Add(found.Length == 0 ? Unknown(name) : $"There is a column '{name}' of {string.Join(" and of ", found.Select(place => place.Prefix))}: write {found[0].Prefix}.{name}.");
            return [];
        }

        var (entities, column, _) = found[0];
        switch (column)
        {
            case CategoricalColumn categorical:
                return SliceGrouping.ByCategory(categorical.Categories, unit => Of(entities![unit], entity => categorical.Values[entity], -1), users.Length);
            case MultiCategoricalColumn several:
                return SliceGrouping.ByCategories(several.Categories, several.Values, entities!);
            case NumericColumn numeric:
                return SliceGrouping.ByNumber([.. entities!.Select(entity => Of(entity, known => numeric.Values[known], float.NaN))]);
            default:
                problems.Add($"The column '{name}' is text; slices are by categories and numbers. Name another, or import it as a category (--feature {name}=categorical).");
                return [];
        }
    }

    private static T Of<T>(int entity, Func<int, T> value, T missing) => entity < 0 ? missing : value(entity);

    private static int[] CountOf(ReadOnlySpan<int> indexes, int count)
    {
        var counts = new int[count];
        foreach (var index in indexes)
        {
            counts[index]++;
        }

        return counts;
    }

    private static List<(string Value, int[] Units)> ByCount(int[] entities, int[] counts) =>
        SliceGrouping.ByNumber([.. entities.Select(entity => Of(entity, known => counts[known], 0f))]);

    private string Unknown(string name)
    {
        string[] known =
        [
            "user-activity",
            .. items is null ? [] : new[] { "item-popularity" },
            .. tables.SelectMany(table => table.Table?.Columns ?? []).Where(column => column is not TextColumn).Select(column => column.Name),
        ];
        var where = items is null ? "Requests are sliced by what is known of their user" : "Rows are sliced by features of user, item and context";
        return $"There is no column '{name}' to slice by.{Naming.NearestName.DidYouMean(name, known)} {where}: {string.Join(", ", known.Distinct())}.";
    }
}
