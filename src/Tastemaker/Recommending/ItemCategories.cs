using System.Runtime.InteropServices;
using System.Text.Json;
using Tastemaker.Data;
using Tastemaker.Data.Features;

namespace Tastemaker.Recommending;

/// <summary>The categories of items that a model keeps: for filters such as "comedies only", whatever features the system itself reads.</summary>
internal static class ItemCategories
{
    private const string Key = "features";

    /// <summary>The columns of a table that hold categories.</summary>
    public static IReadOnlyList<MultiCategoricalColumn> Of(FeatureTable? table) =>
        [.. (table?.Columns ?? []).Select(column => column as MultiCategoricalColumn ?? Many(column as CategoricalColumn)).OfType<MultiCategoricalColumn>()];

    /// <summary>An item's categories by feature; features it has none of are left out.</summary>
    public static Dictionary<string, string[]> OfItem(IReadOnlyList<MultiCategoricalColumn> columns, int item)
    {
        var features = new Dictionary<string, string[]>();
        foreach (var column in columns)
        {
            if (column.Values.Length(item) > 0)
            {
                features[column.Name] = [.. column.Values[item].ToArray().Select(category => column.Categories[category])];
            }
        }

        return features;
    }

    /// <summary>The columns out of what <see cref="OfItem"/> gave for each item.</summary>
    public static IReadOnlyList<MultiCategoricalColumn> Read(IReadOnlyList<JsonElement> items)
    {
        var columns = new Dictionary<string, (Dictionary<string, int> Categories, int[]?[] Rows)>();
        for (var item = 0; item < items.Count; item++)
        {
            foreach (var feature in items[item].TryGetProperty(Key, out var features) ? features.EnumerateObject().ToArray() : [])
            {
                ref var column = ref CollectionsMarshal.GetValueRefOrAddDefault(columns, feature.Name, out var known);
                column = known ? column : (new Dictionary<string, int>(), new int[]?[items.Count]);
                var categories = column.Categories;
                column.Rows[item] = [.. feature.Value.EnumerateArray().Select(category => Index(categories, category.GetString()!))];
            }
        }

        return [.. columns.Select(column => new MultiCategoricalColumn(
            column.Key,
            new Vocabulary(column.Value.Categories.Keys),
            SparseRows.FromRows([.. column.Value.Rows.Select(row => row ?? [])], column.Value.Categories.Count)))];
    }

    private static MultiCategoricalColumn? Many(CategoricalColumn? column) => column is null ? null : new MultiCategoricalColumn(
        column.Name, column.Categories, SparseRows.FromRows([.. column.Values.Select(category => category < 0 ? Array.Empty<int>() : [category])], column.Categories.Count));

    // Dictionaries without removals list their keys in the order in which they came.
    private static int Index(Dictionary<string, int> categories, string category)
    {
        categories.TryAdd(category, categories.Count);
        return categories[category];
    }
}
