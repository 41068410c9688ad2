using System.Diagnostics;
using Microsoft.Extensions.Options;
using Tastemaker.Recommending;
using Tastemaker.Serving.Answering;
using Tastemaker.Serving.Batching;
using Tastemaker.Serving.Catalog;
using Tastemaker.Serving.Events;
using Tastemaker.Serving.Live;
using Tastemaker.Serving.Models;
using Tastemaker.Serving.Operations;

namespace Tastemaker.Serving;

/// <summary>The service: a model, what happened since it was trained, and the queue of those who ask.</summary>
internal sealed class RecommendationService : IRecommendationService, IAsyncDisposable
{
    private readonly TastemakerOptions options;
    private readonly ModelHost models;
    private readonly IEventStore store;
    private readonly LiveHistories live;
    private readonly ItemCatalog catalog;
    private readonly ServingMetrics metrics;
    private readonly Coalescer<Asked, RecommendationAnswer> queue;

    public RecommendationService(IOptions<TastemakerOptions> options, ModelHost models, IEventStore store, LiveHistories live, ItemCatalog catalog, ServingMetrics metrics)
    {
        (this.options, this.models, this.store, this.live, this.catalog, this.metrics) = (options.Value, models, store, live, catalog, metrics);
        var answers = new BatchAnswers(models, live, catalog);
        queue = new Coalescer<Asked, RecommendationAnswer>(
            answers.Answer, this.options.BatchSize, this.options.BatchWait, this.options.Workers, this.options.QueueLength) { Answered = metrics.Batch };
    }

    /// <inheritdoc/>
    public ModelCard Model => models.Card;

    /// <inheritdoc/>
    public async Task<RecommendationAnswer> RecommendAsync(RecommendationQuery query, CancellationToken cancellation = default)
    {
        if (Problem(query) is { } problem)
        {
            throw new InputException(problem);
        }

        var start = Stopwatch.GetTimestamp();
        var notes = new List<string>();
        var answer = await queue.AskAsync(BatchAnswers.Ask(query.Where is { Count: > 0 } ? Narrowed(query, notes) : query), cancellation).ConfigureAwait(false);
        metrics.Answer(answer, Stopwatch.GetElapsedTime(start));
        answer = catalog.WithTitles(answer);
        return notes.Count == 0 ? answer : answer with { Notes = [.. answer.Notes, .. notes] };
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<RecommendationAnswer>> RecommendAllAsync(IReadOnlyList<RecommendationQuery> queries, CancellationToken cancellation = default)
    {
        var problems = queries.Select((query, place) => Problem(query) is { } problem ? $"Query {place + 1} of {queries.Count}: {problem}" : null).OfType<string>().ToList();
        return problems.Count == 0
            ? await Task.WhenAll(queries.Select(query => RecommendAsync(query, cancellation))).ConfigureAwait(false)
            : throw new InputException(problems);
    }

    /// <inheritdoc/>
    public Task<RecommendationAnswer> SimilarAsync(string item, int count, CancellationToken cancellation = default)
    {
        if (CountProblem(count) is { } problem)
        {
            throw new InputException(problem);
        }

        return Task.Run(
            () =>
            {
                using var model = models.Rent();
                var list = model.Recommender.Similar(item, count);
                return catalog.WithTitles(new RecommendationAnswer(
                    [.. list.Items.Select(one => new RecommendedItem(one.Item, one.Title, one.Score))], list.Strategy, list.Notes, model.Card.Version));
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
                live.Add(interactions[place].User, interactions[place].Item, receipt.Last - interactions.Count + 1 + place);
            }

            metrics.Appended(interactions.Count);
        }

        return receipt;
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
        if (skip < 0 || CountProblem(count) is not null)
        {
            throw new InputException(CountProblem(count) ?? $"skip is {skip}; 0 or more are possible.");
        }

        using var model = models.Rent();
        return catalog.Search(search, skip, count, model.Recommender);
    }

    /// <inheritdoc/>
    public CatalogItem? FindItem(string id)
    {
        using var model = models.Rent();
        return catalog.Find(id, model.Recommender);
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> HistoryOf(string user)
    {
        using var model = models.Rent();
        return [.. model.Recommender.HistoryOf(user), .. live.Since(user, model)];
    }

    /// <inheritdoc/>
    public Task<ModelCard> ReloadAsync(string? folder = null, CancellationToken cancellation = default) => models.ChangeAsync(folder, cancellation);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => queue.DisposeAsync();

    private RecommendationQuery Narrowed(RecommendationQuery query, List<string> notes)
    {
        using var model = models.Rent();
        var matching = catalog.Matching(query.Where!, model.Recommender, notes);
        var filter = query.Filter ?? new CandidateFilter();
        return query with { Filter = filter with { Candidates = filter.Candidates is { } only ? [.. only.Where(matching.Contains)] : matching } };
    }

    private string? Problem(RecommendationQuery query) =>
        query.Request is { User: null, History: null, Content: null } && query.Request.Features is not { Count: > 0 }
            ? "The request is empty: give a user, a history of items, or both."
        : CountProblem(query.Count) is { } problem ? problem
        : query.Skip < 0 || query.Skip + (long)query.Count > 1_000_000 ? $"skip is {query.Skip}; 0 to a million less count are possible."
        : query.Request.History?.Count > options.HistoryLength ? $"The history has {query.Request.History.Count} items; {options.HistoryLength} are the most."
        : query.Diversity is < 0 or > 1 || double.IsNaN(query.Diversity) ? $"diversity is {query.Diversity}; 0 to 1 are possible."
        : null;

    private string? CountProblem(int count) => count < 1 || count > options.MostItems ? $"count is {count}; 1 to {options.MostItems} are possible." : null;

    private static string? Problem(EntityRecord record) =>
        string.IsNullOrWhiteSpace(record.Id) ? "A record has no identifier." : record.Features.Keys.Any(string.IsNullOrWhiteSpace) ? $"'{record.Id}' has a feature without a name." : null;

    private static string? Problem(Interaction one) =>
        string.IsNullOrWhiteSpace(one.User) ? "it names no user." : string.IsNullOrWhiteSpace(one.Item) ? "it names no item." : one.Value is { } value && !float.IsFinite(value) ? "its value is no number." : null;
}
