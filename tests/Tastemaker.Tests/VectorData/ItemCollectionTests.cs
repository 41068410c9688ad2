using Microsoft.Extensions.VectorData;
using Tastemaker.Recommending;
using Tastemaker.Systems;
using Tastemaker.Tests.Conformance;
using Tastemaker.VectorData;

namespace Tastemaker.Tests.VectorData;

public sealed class ItemCollectionTests : IDisposable
{
    private readonly IRecommender recommender = SystemCases.Train("bpr-mf", ConformanceData.Split([]));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => recommender.Dispose();

    private async Task<MemoryCollection<TKey>> FilledAsync<TKey>(int batch = 1000)
        where TKey : notnull
    {
        var collection = new MemoryCollection<TKey>(ItemCollection.Definition<TKey>(recommender));
        await collection.UpsertItemsAsync(recommender, batch, cancellation: Cancellation);
        return collection;
    }

    [Fact]
    public async Task What_a_store_finds_is_what_the_recommender_recommends()
    {
        using var collection = await FilledAsync<string>(batch: 20);
        collection.Batches.ShouldBe(3);
        foreach (var request in new[] { Request.ForUser("u3"), Request.ForUser("u8"), Request.ForUser("u50"), Request.ForHistory("i1") })
        {
            foreach (var filter in new[] { null, new CandidateFilter { Exclude = ["i4", "i9"] }, new CandidateFilter { IncludeSeen = true }, new CandidateFilter { Candidates = ["i2", "i3"] } })
            {
                var found = await collection.RecommendAsync(recommender, request, 7, filter, Cancellation);
                var ranked = recommender.Recommend(request, 7, filter);
                found.Items.ShouldBe(ranked.Items);
                (found.Strategy, found.Notes.Count).ShouldBe((ranked.Strategy, ranked.Notes.Count));
            }
        }
    }

    [Fact]
    public async Task Keys_are_of_the_kind_that_the_store_takes()
    {
        using var numbers = await FilledAsync<ulong>();
        using var guids = await FilledAsync<Guid>();
        (numbers.Count, guids.Count).ShouldBe((recommender.Items.Count, recommender.Items.Count));
        (await numbers.GetAsync(3UL, cancellationToken: Cancellation))!.Item.ShouldBe(recommender.Items[3]);
        var before = guids.Count;
        await guids.UpsertItemsAsync(recommender, cancellation: Cancellation);
        guids.Count.ShouldBe(before);
        (await Should.ThrowAsync<InputException>(FilledAsync<DateTime>())).Message.ShouldContain("DateTime");
    }

    [Fact]
    public void The_definition_has_the_length_of_the_vectors_and_the_inner_product()
    {
        var vector = ItemCollection.Definition<string>(recommender).Properties.OfType<VectorStoreVectorProperty>().Single();
        (vector.Dimensions, vector.DistanceFunction).ShouldBe((recommender.As<IVectorRecommender>()!.VectorLength, DistanceFunction.DotProductSimilarity));
    }

    [Fact]
    public async Task A_collection_of_other_items_or_too_few_is_refused_with_the_remedy()
    {
        using var collection = await FilledAsync<string>();
        await collection.DeleteAsync("i7", Cancellation);
        (await Should.ThrowAsync<InputException>(collection.RecommendAsync(recommender, Request.ForUser("u1"), 99, cancellation: Cancellation))).Message.ShouldContain("again");
        await collection.UpsertAsync(new ItemRecord<string> { Key = "zebra", Item = "zebra", Vector = new float[recommender.As<IVectorRecommender>()!.VectorLength] }, Cancellation);
        (await Should.ThrowAsync<InputException>(collection.RecommendAsync(recommender, Request.ForUser("u1"), 99, cancellation: Cancellation))).Message.ShouldContain("zebra");
    }
}
