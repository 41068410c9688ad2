using Tastemaker.Data;
using Tastemaker.Data.Features;

namespace Tastemaker.Recommending;

/// <summary>
/// What is popular among users like a cold-start user: each item's popularity, times by how much it is more or less common in each group that the cold-start user belongs to, as if
/// the features were independent (naive Bayes). Shares of small groups are drawn to those of all users.
/// </summary>
/// <param name="all">By feature; empty where the data has no groups of users.</param>
internal sealed class GroupPopularity(IReadOnlyList<GroupCounts> all)
{
    // Features with more categories than this tell people apart rather than group them.
    private const int MostCategories = 200;

    // A group counts for itself once it is larger than this.
    private const float SmallGroup = 20;
    private const char Separator = '|';

    /// <summary>None.</summary>
    public static GroupPopularity None { get; } = new([]);

    /// <summary>By feature.</summary>
    public IReadOnlyList<GroupCounts> All { get; } = all;

    /// <summary>Counts the groups of a training set.</summary>
    public static GroupPopularity Of(TrainingSet train) => new(
    [
        .. ItemCategories.Of(train.Data.UserFeatures).Where(column => column.Categories.Count is > 1 and <= MostCategories).Select(column => Of(column, train)),
    ]);

    /// <summary>Whether a feature of that name groups users.</summary>
    public bool Knows(string feature) => Find(feature) is not null;

    /// <summary>Categories that features name and no group of users has, each with the feature and what it has.</summary>
    public IEnumerable<(string Feature, string Category, IReadOnlyList<string> Known)> Unknown(IReadOnlyDictionary<string, string> features) =>
        from feature in features
        let segment = Find(feature.Key)
        where segment is not null
        from category in feature.Value.Split(Separator, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
        where segment.Categories.IndexOf(category) < 0
        select (segment.Feature, category, segment.Categories.Ids);

    /// <summary>Writes the popularity among users with some features; false where these name no group.</summary>
    /// <param name="features">Categories by feature, several separated by "|".</param>
    /// <param name="popularity">The number of users who have each item.</param>
    /// <param name="users">The number of all users.</param>
    /// <param name="scores">Receives a number an item.</param>
    public bool Write(IReadOnlyDictionary<string, string>? features, int[] popularity, int users, Span<float> scores)
    {
        var groups = Groups(features);
        if (groups.Count == 0)
        {
            return false;
        }

        for (var item = 0; item < scores.Length; item++)
        {
            scores[item] = popularity[item];
        }

        var counts = new float[scores.Length];
        foreach (var (segment, category) in groups)
        {
            Array.Clear(counts);
            var items = segment.Counts[category];
            var numbers = segment.Counts.RowValues(category);
            for (var entry = 0; entry < items.Length; entry++)
            {
                counts[items[entry]] = numbers[entry];
            }

            for (var item = 0; item < scores.Length; item++)
            {
                var share = (float)popularity[item] / users;
                scores[item] *= share > 0 ? (counts[item] + (SmallGroup * share)) / ((segment.Users[category] + SmallGroup) * share) : 0;
            }
        }

        return true;
    }

    /// <summary>The groups that features name, in words: "country NO, age 25"; null where they name none.</summary>
    public string? Describe(IReadOnlyDictionary<string, string>? features) => Groups(features) is { Count: > 0 } groups
        ? string.Join(", ", groups.Select(group => $"{group.Group.Feature} {group.Group.Categories[group.Category]}"))
        : null;

    private List<(GroupCounts Group, int Category)> Groups(IReadOnlyDictionary<string, string>? features)
    {
        var found = new List<(GroupCounts, int)>();
        foreach (var (name, text) in features ?? new Dictionary<string, string>())
        {
            foreach (var category in Find(name) is { } segment ? text.Split(Separator, StringSplitOptions.TrimEntries).Select(one => segment.Categories.IndexOf(one)).Where(one => one >= 0) : [])
            {
                found.Add((Find(name)!, category));
            }
        }

        return found;
    }

    private GroupCounts? Find(string feature) => All.FirstOrDefault(segment =>
        segment.Feature.Equals(feature, StringComparison.OrdinalIgnoreCase) || feature.Equals("user." + segment.Feature, StringComparison.OrdinalIgnoreCase));

    private static GroupCounts Of(MultiCategoricalColumn column, TrainingSet train)
    {
        var counts = new Dictionary<int, int>[column.Categories.Count];
        var users = new int[counts.Length];
        for (var user = 0; user < train.UserCount; user++)
        {
            foreach (var category in train.Seen.Length(user) > 0 ? column.Values[user] : [])
            {
                users[category]++;
                foreach (var item in train.Seen[user])
                {
                    var group = counts[category] ??= [];
                    group[item] = group.GetValueOrDefault(item) + 1;
                }
            }
        }

        int[][] items = [.. counts.Select(group => group is null ? [] : group.Keys.Order().ToArray())];
        var offsets = new int[items.Length + 1];
        for (var category = 0; category < items.Length; category++)
        {
            offsets[category + 1] = offsets[category] + items[category].Length;
        }

        return new GroupCounts(
            column.Name, column.Categories, users,
            new SparseRows(offsets, [.. items.SelectMany(row => row)], train.ItemCount, [.. items.SelectMany((row, category) => row.Select(item => (float)counts[category][item]))]));
    }
}

/// <summary>The users of the training data by one of their features: what each group has.</summary>
/// <param name="Feature">The feature, such as "country".</param>
/// <param name="Categories">Its categories.</param>
/// <param name="Users">Number of users of each category.</param>
/// <param name="Counts">A row a category: items, with the number of its users who have each as value.</param>
internal sealed record GroupCounts(string Feature, Vocabulary Categories, int[] Users, SparseRows Counts);
