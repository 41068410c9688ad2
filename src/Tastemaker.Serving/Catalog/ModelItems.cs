using Tastemaker.Data.Features;
using Tastemaker.Recommending;

namespace Tastemaker.Serving.Catalog;

/// <summary>Titles and categories of the items as a model was trained with them. Immutable, but for an index that is made when a filter first asks for it.</summary>
internal sealed class ModelItems
{
    private readonly IRecommender recommender;
    private readonly IReadOnlyList<string?>? titles;
    private readonly IReadOnlyList<MultiCategoricalColumn> columns;
    private readonly Lazy<Dictionary<string, Dictionary<string, List<int>>>> index;

    /// <summary>Takes them out of a recommender.</summary>
    public ModelItems(IRecommender recommender)
    {
        this.recommender = recommender;
        var snapshot = TrainedRecommender.In(recommender)?.Snapshot;
        titles = snapshot?.Titles ?? recommender.As<IVectorRecommender>()?.ItemTitles;
        columns = snapshot?.Categories ?? [];
        index = new(Index);
    }

    /// <summary>Number of items.</summary>
    public int Count => recommender.Items.Count;

    /// <summary>Names of the features.</summary>
    public IEnumerable<string> Features => columns.Select(column => column.Name);

    /// <summary>The categories of a feature; empty where it has none.</summary>
    public IEnumerable<string> Categories(string feature) => index.Value.TryGetValue(feature, out var found) ? found.Keys : [];

    /// <summary>An item's identifier.</summary>
    public string Id(int item) => recommender.Items[item];

    /// <summary>An item's index; -1 where the model does not know it.</summary>
    public int IndexOf(string id) => recommender.Items.IndexOf(id);

    /// <summary>An item's title; null where there is none.</summary>
    public string? Title(int item) => titles?[item];

    /// <summary>An item's categories by feature.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> FeaturesOf(int item) =>
        ItemCategories.OfItem(columns, item).ToDictionary(pair => pair.Key, IReadOnlyList<string> (pair) => pair.Value);

    /// <summary>Items that have at least one of the categories of a feature; case does not matter.</summary>
    public IEnumerable<int> Having(string feature, IReadOnlyList<string> categories) => index.Value.TryGetValue(feature, out var found)
        ? categories.SelectMany(category => found.TryGetValue(category, out var items) ? items : []).Distinct()
        : [];

    private Dictionary<string, Dictionary<string, List<int>>> Index()
    {
        var result = new Dictionary<string, Dictionary<string, List<int>>>(StringComparer.OrdinalIgnoreCase);
        foreach (var column in columns)
        {
            var found = result[column.Name] = new Dictionary<string, List<int>>(StringComparer.OrdinalIgnoreCase);
            for (var item = 0; item < Count; item++)
            {
                foreach (var category in column.Values[item])
                {
                    var name = column.Categories[category];
                    (found.TryGetValue(name, out var items) ? items : found[name] = []).Add(item);
                }
            }
        }

        return result;
    }
}
