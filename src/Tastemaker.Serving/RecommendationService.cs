using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Tastemaker.Recommending;
using Tastemaker.Serving.Answering;
using Tastemaker.Serving.Catalog;
using Tastemaker.Serving.Events;
using Tastemaker.Serving.Live;
using Tastemaker.Serving.Maps;
using Tastemaker.Serving.Models;
using Tastemaker.Serving.Operations;

namespace Tastemaker.Serving;

/// <summary>The service: a model, what happened since it was trained, and the queue of those who ask.</summary>
internal sealed class RecommendationService : IRecommendationService
{
    private readonly TastemakerOptions options;
    private readonly ServedModels models;
    private readonly IEventStore store;
    private readonly LiveHistories live;
    private readonly ItemCatalog catalog;
    private readonly ItemMaps maps;
    private readonly ServingMetrics metrics;

    private readonly ILogger log;

    public RecommendationService(
        IOptions<TastemakerOptions> options, ServedModels models, IEventStore store, LiveHistories live, ItemCatalog catalog, ItemMaps maps, ServingMetrics metrics,
        ILogger<RecommendationService>? log = null) =>
        (this.options, this.models, this.store, this.live, this.catalog, this.maps, this.metrics, this.log) =
        (options.Value, models, store, live, catalog, maps, metrics, log ?? NullLogger<RecommendationService>.Instance);

    /// <inheritdoc/>
    public ModelCard Model => models.First.Card;

    /// <inheritdoc/>
    public IReadOnlyList<ModelCard> Models => [.. models.All.Select(model => model.Card)];

    /// <inheritdoc/>
    public async Task<RecommendationList> RecommendAsync(RecommendationQuery query, CancellationToken cancellation = default)
    {
        if (Problem(query) is { } problem)
        {
            throw new InputException(problem);
        }

        var model = models.Find(query.Model);
        var start = Stopwatch.GetTimestamp();
        var notes = new List<string>();
        await BringAsync(query.Request, notes, cancellation).ConfigureAwait(false);
        var answer = await model.Queue.AskAsync(query.Where is { Count: > 0 } ? Narrowed(query, model.Host, notes) : query, cancellation).ConfigureAwait(false);
        metrics.Answer(answer, model.Name, Stopwatch.GetElapsedTime(start));
        answer = catalog.WithTitles(answer);
        return notes.Count == 0 ? answer : answer with { Notes = [.. answer.Notes, .. notes] };
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<RecommendationList>> RecommendAllAsync(IReadOnlyList<RecommendationQuery> queries, CancellationToken cancellation = default)
    {
        var problems = queries.Select((query, place) => Problem(query) is { } problem ? $"Query {place + 1} of {queries.Count}: {problem}" : null).OfType<string>().ToList();
        return problems.Count == 0
            ? await Task.WhenAll(queries.Select(query => RecommendAsync(query, cancellation))).ConfigureAwait(false)
            : throw new InputException(problems);
    }

    /// <inheritdoc/>
    public Task<RecommendationList> SimilarAsync(string item, int count, string? model = null, CancellationToken cancellation = default)
    {
        if (CountProblem(count) is { } problem)
        {
            throw new InputException(problem);
        }

        var asked = models.Find(model);
        return Task.Run(
            () =>
            {
                using var lease = asked.Host.Rent();
                var list = lease.Recommender.Similar(item, count);
                return catalog.WithTitles(list with { Model = lease.Card.Version });
            },
            cancellation);
    }

    /// <inheritdoc/>
    public async Task<AppendReceipt> AppendAsync(IReadOnlyList<Interaction> interactions, string? idempotencyKey = null, CancellationToken cancellation = default)
    {
        var problems = interactions.Select((one, place) => Problem(one) is { } problem ? $"Interaction {place + 1} of {interactions.Count}: {problem}" : null).OfType<string>().ToList();
        if (problems.Count > 0 || interactions.Count == 0)
        {
            throw new InputException(problems.Count > 0 ? problems : ["There are no interactions to append."]);
        }

        var receipt = await store.AppendAsync(interactions, idempotencyKey, cancellation).ConfigureAwait(false);
        if (!receipt.Repeated)
        {
            // The store numbers the interactions of a call one after the other.
            for (var place = 0; place < interactions.Count; place++)
            {
                live.Add(interactions[place].User, interactions[place].Item, receipt.Last - interactions.Count + 1 + place, interactions[place].Time ?? TimeProvider.System.GetUtcNow(), interactions[place].Value);
            }

            metrics.Appended(interactions.Count);
        }

        return receipt;
    }

    /// <inheritdoc/>
    public async Task<long> ForgetAsync(string? user, string? item, CancellationToken cancellation = default)
    {
        var forgotten = await store.ForgetAsync(new InteractionFilter { User = user, Item = item }, cancellation).ConfigureAwait(false);
        live.Forget(user, item);
        return forgotten;
    }

    /// <inheritdoc/>
    public async Task PutAsync(EntityKind kind, IReadOnlyList<EntityRecord> records, CancellationToken cancellation = default)
    {
        string[] problems = [.. records.Select(Problem).OfType<string>()];
        if (problems.Length > 0)
        {
            throw new InputException(problems);
        }

        await store.PutAsync(kind, records, cancellation).ConfigureAwait(false);
        foreach (var record in records)
        {
            catalog.Put(kind, record);
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<CatalogItem> FindItems(string? search, int skip, int count)
    {
        Demand(skip, count);
        using var model = models.First.Host.Rent();
        return catalog.Search(search, skip, count, model.Recommender);
    }

    /// <inheritdoc/>
    public IReadOnlyList<ItemFeature> ItemFeatures(int categories)
    {
        Demand(0, categories);
        using var model = models.First.Host.Rent();
        return catalog.Features(categories, model.Recommender);
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> FindUsers(string? search, int skip, int count)
    {
        Demand(skip, count);
        using var model = models.First.Host.Rent();
        bool Matches(string user) => string.IsNullOrEmpty(search) || user.Contains(search, StringComparison.OrdinalIgnoreCase);
        var trained = model.Recommender.Users;
        var (found, passed) = (new List<string>(), 0);
        foreach (var user in trained.Ids.Where(Matches))
        {
            if (passed++ >= skip)
            {
                found.Add(user);
                if (found.Count == count)
                {
                    return found;
                }
            }
        }

        // Only the page is sorted out of those who came since.
        var since = live.Users.Where(user => trained.IndexOf(user) < 0 && Matches(user)).Order(StringComparer.Ordinal);
        return [.. found, .. since.Skip(Math.Max(0, skip - passed)).Take(count - found.Count)];
    }

    /// <inheritdoc/>
    public CatalogItem? FindItem(string id)
    {
        using var model = models.First.Host.Rent();
        return catalog.Find(id, model.Recommender);
    }

    /// <inheritdoc/>
    public Task<ItemMap> MapAsync(string? model = null, CancellationToken cancellation = default) => maps.OfAsync(models.Find(model), cancellation);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<string>> HistoryOfAsync(string user, CancellationToken cancellation = default)
    {
        await live.BringAsync(user, store, cancellation).ConfigureAwait(false);
        using var model = models.First.Host.Rent();
        return [.. model.Recommender.HistoryOf(user), .. live.Since(user, model).Select(one => one.Item)];
    }

    /// <inheritdoc/>
    public async Task<ModelCard> ReloadAsync(string? folder = null, string? model = null, CancellationToken cancellation = default)
    {
        var changed = models.Find(model);
        await changed.Host.ChangeAsync(folder, cancellation).ConfigureAwait(false);
        return changed.Card;
    }

    // A list without the newest events is better than none.
    private async Task BringAsync(Request request, List<string> notes, CancellationToken cancellation)
    {
        if (request is { User: { } user, History: null })
        {
            try
            {
                await live.BringAsync(user, store, cancellation).ConfigureAwait(false);
            }
            catch (EventStoreException failure)
            {
                log.LogError(failure, "The event store does not answer: a list was made without the user's events");
                notes.Add("The event store does not answer: what the user did since training does not count in this list.");
            }
        }
    }

    private RecommendationQuery Narrowed(RecommendationQuery query, ModelHost host, List<string> notes)
    {
        using var model = host.Rent();
        var matching = catalog.Matching(query.Where!, model.Recommender, notes);
        var filter = query.Filter ?? new CandidateFilter();
        return query with { Filter = filter with { Candidates = filter.Candidates is { } only ? [.. only.Where(matching.Contains)] : matching } };
    }

    private string? Problem(RecommendationQuery query) =>
        query.Request is { User: null, History: null, Events: null, Content: null } && query.Request.Features is not { Count: > 0 }
            ? "The request is empty: give a user, a history of items, or both."
        : CountProblem(query.Count) is { } problem ? problem
        : query.Skip < 0 || query.Skip + (long)query.Count > 1_000_000 ? $"skip is {query.Skip}; 0 to a million less count are possible."
        : query.Request.Events?.Count > options.HistoryLength ? $"There are {query.Request.Events.Count} events; {options.HistoryLength} are the most."
        : query.Request.Events?.Select((one, place) => (Problem: FutureTimes.Problem(one.Time), place)).FirstOrDefault(one => one.Problem is not null) is { Problem: { } future, place: var at }
            ? $"Event {at + 1} of {query.Request.Events.Count}, with item '{query.Request.Events[at].Item}': {future}"
        : query.Request.History?.Count > options.HistoryLength ? $"The history has {query.Request.History.Count} items; {options.HistoryLength} are the most."
        : query.Diversity is < 0 or > 1 || double.IsNaN(query.Diversity) ? $"diversity is {query.Diversity}; 0 to 1 are possible."
        : null;

    private void Demand(int skip, int count)
    {
        if (skip < 0 || CountProblem(count) is not null)
        {
            throw new InputException(CountProblem(count) ?? $"skip is {skip}; 0 or more are possible.");
        }
    }

    private string? CountProblem(int count) => count < 1 || count > options.MostItems ? $"count is {count}; 1 to {options.MostItems} are possible." : null;

    private static string? Problem(EntityRecord record) =>
        string.IsNullOrWhiteSpace(record.Id) ? "A record has no identifier." : record.Features.Keys.Any(string.IsNullOrWhiteSpace) ? $"'{record.Id}' has a feature without a name." : null;

    private static string? Problem(Interaction one) =>
        string.IsNullOrWhiteSpace(one.User) ? "it names no user." : string.IsNullOrWhiteSpace(one.Item) ? "it names no item." : one.Value is { } value && !float.IsFinite(value) ? "its value is no number."
        : FutureTimes.Problem(one.Time) is { } future ? $"'{one.User}' with '{one.Item}': {future}" : null;
}
