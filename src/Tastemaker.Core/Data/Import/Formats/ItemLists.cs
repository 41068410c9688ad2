using Tastemaker.Data.Import.Columns;
using Tastemaker.Data.Import.Reading;

namespace Tastemaker.Data.Import.Formats;

/// <summary>Item features that files list by category: a line a category, the number of its items and the items, as the tags of CiteULike are.</summary>
internal static class ItemLists
{
    /// <summary>The column of items in lists and bags, which no feature can be called.</summary>
    public const string Key = "item_id";

    /// <summary>The lists that the options name.</summary>
    public static IEnumerable<EntitySource> Open(DuckDbSession session, DataOptions options) =>
        options.ItemLists.Select((pair, index) => Open(session, pair.Key, pair.Value, $"item_list_{index}"));

    private static EntitySource Open(DuckDbSession session, string name, string path, string table)
    {
        var file = SourceFile.Expand([path]);
        if (file.Count != 1)
        {
            throw new InputException($"The items of '{name}' are read from one file, but {path} are {file.Count}.");
        }

        if (string.Equals(name, Key, StringComparison.OrdinalIgnoreCase))
        {
            throw new InputException($"A list of items cannot be called {Key}; give it another name in the option itemLists.");
        }

        CountedLinesFormat.Load(session, file[0], table);
        var relation = QueryRelation.Describe(
            session,
            file[0],
            $"(SELECT {Key}, list(CAST(n - 1 AS VARCHAR) ORDER BY n) AS {DuckDbSession.Name(name)} FROM (SELECT n, unnest(list_distinct(cells[2:])) AS {Key} FROM {table}) GROUP BY {Key})");
        var plan = new FeaturePlan(relation.Columns[1], FeatureKind.MultiCategorical, FeaturePlan.ListSeparator);
        return new EntitySource(relation, relation.Columns[0], new Dictionary<string, FeaturePlan> { [plan.Column.Name] = plan });
    }
}
