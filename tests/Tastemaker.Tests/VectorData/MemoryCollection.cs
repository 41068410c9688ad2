using System.Linq.Expressions;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.VectorData;
using Tastemaker.VectorData;

namespace Tastemaker.Tests.VectorData;

/// <summary>A vector store's collection in memory: what a store owes by the abstraction, and no more.</summary>
internal sealed class MemoryCollection<TKey>(VectorStoreCollectionDefinition definition) : VectorStoreCollection<TKey, ItemRecord<TKey>>
    where TKey : notnull
{
    private readonly Dictionary<TKey, ItemRecord<TKey>> records = [];
    private bool exists;

    public override string Name => "memory";

    public int Batches { get; private set; }

    public int Count => records.Count;

    public override Task<bool> CollectionExistsAsync(CancellationToken cancellationToken = default) => Task.FromResult(exists);

    public override Task EnsureCollectionExistsAsync(CancellationToken cancellationToken = default)
    {
        exists = true;
        return Task.CompletedTask;
    }

    public override Task EnsureCollectionDeletedAsync(CancellationToken cancellationToken = default)
    {
        exists = false;
        records.Clear();
        return Task.CompletedTask;
    }

    public override Task<ItemRecord<TKey>?> GetAsync(TKey key, RecordRetrievalOptions? options = null, CancellationToken cancellationToken = default) =>
        Task.FromResult(records.GetValueOrDefault(key));

    public override IAsyncEnumerable<ItemRecord<TKey>> GetAsync(
        Expression<Func<ItemRecord<TKey>, bool>> filter, int top, FilteredRecordRetrievalOptions<ItemRecord<TKey>>? options = null, CancellationToken cancellationToken = default) =>
        records.Values.Where(filter.Compile()).Take(top).ToAsyncEnumerable();

    public override Task DeleteAsync(TKey key, CancellationToken cancellationToken = default) => Task.FromResult(records.Remove(key));

    public override Task UpsertAsync(ItemRecord<TKey> record, CancellationToken cancellationToken = default) => UpsertAsync([record], cancellationToken);

    public override Task UpsertAsync(IEnumerable<ItemRecord<TKey>> records, CancellationToken cancellationToken = default)
    {
        exists.ShouldBeTrue();
        Batches++;
        var length = definition.Properties.OfType<VectorStoreVectorProperty>().Single().Dimensions;
        foreach (var record in records)
        {
            record.Vector.Length.ShouldBe(length);
            this.records[record.Key] = record;
        }

        return Task.CompletedTask;
    }

    public override async IAsyncEnumerable<VectorSearchResult<ItemRecord<TKey>>> SearchAsync<TInput>(
        TInput searchValue, int top, VectorSearchOptions<ItemRecord<TKey>>? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await Task.Yield();
        definition.Properties.OfType<VectorStoreVectorProperty>().Single().DistanceFunction.ShouldBe(DistanceFunction.DotProductSimilarity);
        var query = ((ReadOnlyMemory<float>)(object)searchValue!).ToArray();
        var scored = records.Values.Select(record => (Record: record, Score: record.Vector.ToArray().Zip(query, (a, b) => (double)a * b).Sum()));
        foreach (var (record, score) in scored.OrderByDescending(pair => pair.Score).Take(top))
        {
            yield return new VectorSearchResult<ItemRecord<TKey>>(record, score);
        }
    }

    public override object? GetService(Type serviceType, object? serviceKey = null) => null;
}
