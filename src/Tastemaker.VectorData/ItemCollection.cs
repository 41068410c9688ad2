using Microsoft.Extensions.VectorData;
using Tastemaker.Recommending;

namespace Tastemaker.VectorData;

/// <summary>The items of a recommender in a collection of a vector store: how it is defined, filled, and asked.</summary>
public static class ItemCollection
{
    /// <summary>
    /// The definition of a collection for a recommender's items, for <c>VectorStore.GetCollection</c>: the key, the identifier, the title, and the vector
    /// with its length.
    /// </summary>
    /// <typeparam name="TKey">Type of the store's keys: string, int, long, ulong or Guid.</typeparam>
    /// <param name="recommender">Whose items.</param>
    /// <param name="distanceFunction">
    /// How the store compares vectors: the inner product, or the store's name for it, such as <see cref="DistanceFunction.NegativeDotProductSimilarity"/>.
    /// Others find other items.
    /// </param>
    /// <param name="indexKind">One of <see cref="IndexKind"/>; null for the store's default.</param>
    public static VectorStoreCollectionDefinition Definition<TKey>(
        IRecommender recommender, string distanceFunction = DistanceFunction.DotProductSimilarity, string? indexKind = null)
        where TKey : notnull => new()
        {
            Properties =
            [
                new VectorStoreKeyProperty(nameof(ItemRecord<TKey>.Key), typeof(TKey)),
                new VectorStoreDataProperty(nameof(ItemRecord<TKey>.Item), typeof(string)),
                new VectorStoreDataProperty(nameof(ItemRecord<TKey>.Title), typeof(string)),
                new VectorStoreVectorProperty(nameof(ItemRecord<TKey>.Vector), typeof(ReadOnlyMemory<float>), Vectors(recommender).VectorLength)
                {
                    DistanceFunction = distanceFunction, IndexKind = indexKind,
                },
            ],
        };

    /// <summary>Creates the collection where it is missing, and writes every item into it, batch by batch, over what is there under the same keys.</summary>
    /// <param name="collection">The collection.</param>
    /// <param name="recommender">Whose items.</param>
    /// <param name="batch">Items handed to the store at a time.</param>
    /// <param name="progress">Told how many items are written.</param>
    /// <param name="cancellation">Stops between batches.</param>
    public static async Task UpsertItemsAsync<TKey>(
        this VectorStoreCollection<TKey, ItemRecord<TKey>> collection,
        IRecommender recommender,
        int batch = 1000,
        IProgress<int>? progress = null,
        CancellationToken cancellation = default)
        where TKey : notnull
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(batch);
        var key = ItemKeys.For<TKey>();
        await collection.EnsureCollectionExistsAsync(cancellation).ConfigureAwait(false);
        var source = Vectors(recommender);
        var length = source.VectorLength;
        for (var first = 0; first < recommender.Items.Count; first += batch)
        {
            var count = Math.Min(batch, recommender.Items.Count - first);
            var vectors = new float[count * length];
            source.WriteItemVectors(first, vectors);
            var records = Enumerable.Range(0, count).Select(row => new ItemRecord<TKey>
            {
                Key = key(recommender.Items[first + row], first + row),
                Item = recommender.Items[first + row],
                Title = source.ItemTitles?[first + row],
                Vector = vectors.AsMemory(row * length, length),
            });
            await collection.UpsertAsync(records, cancellation).ConfigureAwait(false);
            progress?.Report(first + count);
        }
    }

    /// <summary>
    /// Recommends what the store finds. As many more items are asked for as the request excludes, scores are computed anew from the recommender's
    /// vectors, and what vectors do not answer (see <see cref="IVectorRecommender.QueryOf"/>) the recommender answers alone.
    /// </summary>
    /// <param name="collection">Filled by <see cref="UpsertItemsAsync"/>.</param>
    /// <param name="recommender">The same recommender.</param>
    /// <param name="request">The request.</param>
    /// <param name="count">Length of the list.</param>
    /// <param name="filter">Which items may be recommended.</param>
    /// <param name="cancellation">Passed to the store.</param>
    /// <exception cref="InputException">The request is empty, or the collection holds items that the recommender does not know, or too few.</exception>
    public static async Task<RecommendationList> RecommendAsync<TKey>(
        this VectorStoreCollection<TKey, ItemRecord<TKey>> collection,
        IRecommender recommender,
        Request request,
        int count,
        CandidateFilter? filter = null,
        CancellationToken cancellation = default)
        where TKey : notnull
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        var source = Vectors(recommender);
        if (source.QueryOf(request, filter) is not { } query)
        {
            return recommender.Recommend(request, count, filter);
        }

        var wanted = Math.Min(count + query.Excluded.Count, recommender.Items.Count);
        var (excluded, vector) = (query.Excluded.ToHashSet(), new float[source.VectorLength]);
        var (found, kept) = (0, new List<(int Item, Recommendation Recommendation)>());
        await foreach (var result in collection.SearchAsync(query.Vector, wanted, cancellationToken: cancellation).ConfigureAwait(false))
        {
            var item = recommender.Items.IndexOf(result.Record.Item);
            if (item < 0)
            {
                throw new InputException($"The collection '{collection.Name}' holds the item '{result.Record.Item}', which this recommender does not know. Empty it, and write the items of this recommender.");
            }

            found++;
            if (!excluded.Contains(item))
            {
                source.WriteItemVectors(item, vector);
                kept.Add((item, new Recommendation(result.Record.Item, result.Record.Title, Score(query, vector))));
            }
        }

        if (found < wanted)
        {
            throw new InputException($"The collection '{collection.Name}' gave {found} of {wanted} items: it does not hold every item of this recommender, or the store limits how many it gives. Write the items again, or ask for fewer.");
        }

        var best = kept.OrderByDescending(entry => entry.Recommendation.Score).ThenBy(entry => entry.Item).Take(count).Select(entry => entry.Recommendation);
        return new RecommendationList([.. best], query.Strategy, query.Notes);
    }

    private static IVectorRecommender Vectors(IRecommender recommender) => recommender.As<IVectorRecommender>()
        ?? throw new InputException($"{recommender.System} does not score by inner products of vectors, so a vector store cannot find what it recommends.");

    private static float Score(VectorQuery query, float[] vector)
    {
        var sum = 0f;
        var numbers = query.Vector.Span;
        for (var k = 0; k < vector.Length; k++)
        {
            sum = float.FusedMultiplyAdd(numbers[k], vector[k], sum);
        }

        return sum + query.Constant;
    }
}
