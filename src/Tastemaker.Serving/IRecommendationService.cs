using Tastemaker.Recommending;
using Tastemaker.Serving.Catalog;
using Tastemaker.Serving.Events;
using Tastemaker.Serving.Maps;

namespace Tastemaker.Serving;

/// <summary>
/// A trained recommender in a running application: answers many callers at once, knows what happened since training, and can be given a newer
/// model while it answers. Thread-safe.
/// </summary>
public interface IRecommendationService
{
    /// <summary>The model that answers now.</summary>
    ModelCard Model { get; }

    /// <summary>All models that can be asked: <see cref="Model"/>, and those of <see cref="TastemakerOptions.CompareWith"/>.</summary>
    IReadOnlyList<ModelCard> Models { get; }

    /// <summary>Recommends. Concurrent calls share passes over the catalog.</summary>
    /// <exception cref="InputException">The query is empty or out of range.</exception>
    Task<RecommendationList> RecommendAsync(RecommendationQuery query, CancellationToken cancellation = default);

    /// <summary>The answers to many queries, in their order.</summary>
    /// <exception cref="InputException">Queries are empty or out of range: all of them at once.</exception>
    Task<IReadOnlyList<RecommendationList>> RecommendAllAsync(IReadOnlyList<RecommendationQuery> queries, CancellationToken cancellation = default);

    /// <summary>The items most like an item in the model's terms.</summary>
    /// <param name="item">The item.</param>
    /// <param name="count">How many at most.</param>
    /// <param name="model">The name of the model to ask; null for <see cref="Model"/>.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    /// <exception cref="InputException">The item is not in the catalog.</exception>
    Task<RecommendationList> SimilarAsync(string item, int count, string? model = null, CancellationToken cancellation = default);

    /// <summary>
    /// Takes note of interactions: once this returns they are stored as the store promises, and the next answer heeds them. Given twice with the same key
    /// (a client that repeats a call it knows no answer to), they are stored once.
    /// </summary>
    /// <param name="interactions">In the order in which they happened.</param>
    /// <param name="idempotencyKey">Names the call; null for none.</param>
    /// <param name="cancellation">Gives up waiting; what was handed to the store may still be stored.</param>
    /// <exception cref="InputException">An interaction names no user or no item: all problems at once.</exception>
    /// <exception cref="IdempotencyKeyException">An earlier call with the same key stored other interactions.</exception>
    /// <exception cref="EventStoreException">The store fails; nothing is stored.</exception>
    Task<AppendReceipt> AppendAsync(IReadOnlyList<Interaction> interactions, string? idempotencyKey = null, CancellationToken cancellation = default);

    /// <summary>
    /// Forgets for ever what a user did, or what was done with an item, or, where both are given, what the user did with the item; returns how many interactions.
    /// What the model learned from them stays in it until the next training, and another process that has read them forgets them at its next start.
    /// </summary>
    /// <exception cref="InputException">Neither is given.</exception>
    /// <exception cref="EventStoreException">The store fails.</exception>
    Task<long> ForgetAsync(string? user, string? item, CancellationToken cancellation = default);

    /// <summary>
    /// Adds items or users, or replaces what is stored of those with the same identifiers: titles and features show in the next answer. Items that the model
    /// does not know are not recommended before the next training.
    /// </summary>
    /// <exception cref="InputException">A record has no identifier, or a feature no name: all problems at once.</exception>
    Task PutAsync(EntityKind kind, IReadOnlyList<EntityRecord> records, CancellationToken cancellation = default);

    /// <summary>Items whose title holds a text or whose identifier is it; all where it is null or empty.</summary>
    /// <param name="search">The text; case does not matter.</param>
    /// <param name="skip">How many to pass over.</param>
    /// <param name="count">How many at most.</param>
    IReadOnlyList<CatalogItem> FindItems(string? search, int skip, int count);

    /// <summary>The features that items have, with at most so many categories of each: what <see cref="RecommendationQuery.Where"/> can ask for.</summary>
    /// <param name="categories">How many categories of a feature at most; those of most items.</param>
    IReadOnlyList<ItemFeature> ItemFeatures(int categories);

    /// <summary>Users whose identifier holds a text: those the model was trained on, then those who came since and are in memory (<see cref="TastemakerOptions.UsersInMemory"/>).</summary>
    /// <param name="search">The text; case does not matter. Null or empty for all.</param>
    /// <param name="skip">How many to pass over.</param>
    /// <param name="count">How many at most.</param>
    IReadOnlyList<string> FindUsers(string? search, int skip, int count);

    /// <summary>An item; null where neither the model nor the store knows it.</summary>
    CatalogItem? FindItem(string id);

    /// <summary>The items on a plane, near each other where the model finds them alike. Computed when first asked for, which takes seconds.</summary>
    /// <param name="model">The name of the model; null for <see cref="Model"/>.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    /// <exception cref="InputException">The system has no notion of how alike items are.</exception>
    Task<ItemMap> MapAsync(string? model = null, CancellationToken cancellation = default);

    /// <summary>What a user has: trained with, and appended since; oldest first.</summary>
    /// <exception cref="EventStoreException">The store must be asked, and does not answer.</exception>
    Task<IReadOnlyList<string>> HistoryOfAsync(string user, CancellationToken cancellation = default);

    /// <summary>
    /// Loads a model beside the running one and answers with it from then on; calls in flight are finished by the model they began with. If it cannot be
    /// loaded, the running one goes on.
    /// </summary>
    /// <param name="folder">A model or run folder; null for the one that is running, as it is on disk now.</param>
    /// <param name="model">The name of the model to change; null for <see cref="Model"/>.</param>
    /// <param name="cancellation">Gives up before the change.</param>
    /// <exception cref="InputException">The folder holds no model, or a corrupt one.</exception>
    Task<ModelCard> ReloadAsync(string? folder = null, string? model = null, CancellationToken cancellation = default);
}
