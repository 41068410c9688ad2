using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Tastemaker.Inputs;
using Tastemaker.Naming;
using Tastemaker.Recommending;
using Tastemaker.Serving.Events;

namespace Tastemaker.Serving.Catalog;

/// <summary>What is known of items and users: as the model was trained, and above it the records of the store. Thread-safe.</summary>
internal sealed class ItemCatalog
{
    /// <summary>The feature that names an item for people.</summary>
    public const string Title = "title";

    private readonly ConcurrentDictionary<string, EntityRecord> items = new();
    private readonly ConcurrentDictionary<string, EntityRecord> users = new();
    private readonly ConditionalWeakTable<IRecommender, ModelItems> models = [];

    /// <summary>Takes in what a store holds.</summary>
    public async Task LoadAsync(IEventStore store, CancellationToken cancellation)
    {
        foreach (var kind in Enum.GetValues<EntityKind>())
        {
            await foreach (var record in store.ReadRecordsAsync(kind, cancellation).ConfigureAwait(false))
            {
                Put(kind, record);
            }
        }
    }

    /// <summary>Adds a record or replaces the one with its identifier.</summary>
    public void Put(EntityKind kind, EntityRecord record) => (kind == EntityKind.Item ? items : users)[record.Id] = record;

    /// <summary>An item; null where neither the model nor the store knows it.</summary>
    public CatalogItem? Find(string id, IRecommender recommender)
    {
        var model = Of(recommender);
        var index = model.IndexOf(id);
        return index >= 0 || items.ContainsKey(id) ? Describe(id, index, model) : null;
    }

    /// <summary>Items whose title holds a text or whose identifier is it; of items without a title, whose identifier holds it: those of the model in its order, then the newer ones by identifier.</summary>
    public IReadOnlyList<CatalogItem> Search(string? text, int skip, int count, IRecommender recommender)
    {
        var model = Of(recommender);
        bool Matches(string id, string? title) =>
            string.IsNullOrEmpty(text) || id.Equals(text, StringComparison.OrdinalIgnoreCase) || (title ?? id).Contains(text, StringComparison.OrdinalIgnoreCase);

        var trained = Enumerable.Range(0, model.Count).Where(item => Matches(model.Id(item), TitleOf(model.Id(item)) ?? model.Title(item))).Select(model.Id);
        var newer = items.Keys.Where(id => model.IndexOf(id) < 0 && Matches(id, TitleOf(id))).Order(StringComparer.Ordinal);
        return [.. trained.Concat(newer).Skip(skip).Take(count).Select(id => Describe(id, model.IndexOf(id), model))];
    }

    /// <summary>The items that have, of every feature that is named, at least one of its categories.</summary>
    /// <param name="where">Categories by feature; case does not matter.</param>
    /// <param name="recommender">Whose items are meant.</param>
    /// <param name="notes">Receives a word on categories that no item has.</param>
    /// <exception cref="InputException">No item has such a feature: all of them at once, with what there is.</exception>
    public IReadOnlyCollection<string> Matching(IReadOnlyDictionary<string, IReadOnlyList<string>> where, IRecommender recommender, List<string> notes)
    {
        var model = Of(recommender);
        var known = model.Features.Concat(items.Values.SelectMany(record => record.Features.Keys)).Where(name => name != Title).ToHashSet(StringComparer.OrdinalIgnoreCase);
        string[] problems = [.. where.Keys.Where(feature => !known.Contains(feature)).Select(feature =>
            $"where: no item has a feature '{feature}'.{NearestName.DidYouMean(feature, known)} {(known.Count == 0 ? "The model was saved without features of items." : $"There are {string.Join(", ", known.Order(StringComparer.Ordinal))}.")}")];
        if (problems.Length > 0)
        {
            throw new InputException(problems);
        }

        HashSet<string>? left = null;
        foreach (var (feature, categories) in where)
        {
            var having = model.Having(feature, categories).Select(model.Id).Where(id => !Overrides(id, feature))
                .Concat(items.Values.Where(record => Categories(record, feature).Any(category => categories.Contains(category, StringComparer.OrdinalIgnoreCase))).Select(record => record.Id))
                .ToHashSet();
            if (having.Count == 0)
            {
                notes.Add($"where: no item has {feature} {string.Join(" or ", categories)}.{(categories.Count > 0 ? NearestName.DidYouMean(categories[0], model.Categories(feature)) : "")}");
            }

            left = left is null ? having : [.. left.Where(having.Contains)];
        }

        return left ?? [];
    }

    /// <summary>The features that items have, by name, each with the categories of most items.</summary>
    public IReadOnlyList<ItemFeature> Features(int categories, IRecommender recommender)
    {
        var model = Of(recommender);
        var counts = model.Features.ToDictionary(
            feature => feature, feature => model.Categories(feature).ToDictionary(category => category, category => model.Having(feature, [category]).Count(id => !Overrides(model.Id(id), feature)), StringComparer.OrdinalIgnoreCase),
            StringComparer.OrdinalIgnoreCase);
        foreach (var record in items.Values)
        {
            foreach (var feature in record.Features.Keys.Where(name => name != Title))
            {
                var found = counts.TryGetValue(feature, out var known) ? known : counts[feature] = new(StringComparer.OrdinalIgnoreCase);
                foreach (var category in Categories(record, feature).Distinct(StringComparer.OrdinalIgnoreCase))
                {
                    found[category] = found.GetValueOrDefault(category) + 1;
                }
            }
        }

        return [.. counts.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => new ItemFeature(
            pair.Key,
            [.. pair.Value.Where(category => category.Value > 0).OrderByDescending(category => category.Value).ThenBy(category => category.Key, StringComparer.Ordinal)
                .Take(categories).Select(category => new FeatureCategory(category.Key, category.Value))]))];
    }

    /// <summary>The answer with the titles that the store knows better.</summary>
    public RecommendationList WithTitles(RecommendationList answer) => items.IsEmpty ? answer : answer with
    {
        Items = [.. answer.Items.Select(item => item with
        {
            Title = TitleOf(item.Item) ?? item.Title,
            Because = item.Because is null ? null : [.. item.Because.Select(reason => reason with { Title = (reason.Item is null ? null : TitleOf(reason.Item)) ?? reason.Title })],
        })],
    };

    /// <summary>The request with what the store knows of a user that the model does not, where the model reads features.</summary>
    public Request Complete(Request request, IRecommender recommender) =>
        request is { User: { } user, Features: null } && users.TryGetValue(user, out var record) && recommender.Users.IndexOf(user) < 0
            && TrainedRecommender.In(recommender) is { } trained && (trained.Model.Shape.Features is not null || trained.Snapshot.Segments.All.Count > 0)
            ? request with { Features = record.Features }
            : request;

    private ModelItems Of(IRecommender recommender) => models.GetValue(recommender, key => new ModelItems(key));

    private CatalogItem Describe(string id, int index, ModelItems model)
    {
        var features = index < 0 ? [] : new Dictionary<string, IReadOnlyList<string>>(model.FeaturesOf(index), StringComparer.OrdinalIgnoreCase);
        foreach (var feature in items.TryGetValue(id, out var record) ? record.Features.Keys.Where(name => name != Title) : [])
        {
            features[feature] = Categories(record!, feature);
        }

        return new CatalogItem(id, TitleOf(id) ?? (index < 0 ? null : model.Title(index)), features, index >= 0);
    }

    private string? TitleOf(string id) => items.TryGetValue(id, out var record) ? record.Features.GetValueOrDefault(Title) : null;

    private bool Overrides(string id, string feature) => items.TryGetValue(id, out var record) && record.Features.Keys.Contains(feature, StringComparer.OrdinalIgnoreCase);

    private static string[] Categories(EntityRecord record, string feature) =>
        record.Features.FirstOrDefault(pair => pair.Key.Equals(feature, StringComparison.OrdinalIgnoreCase)).Value?.Split(EntityRecord.Separator, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];
}
