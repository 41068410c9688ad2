using System.Collections.Concurrent;
using Tastemaker.Data;
using Tastemaker.Recommending;
using Tastemaker.Serving.Models;

namespace Tastemaker.Serving.Tests.Models;

public sealed class ModelHostTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Eight_threads_are_answered_without_a_failure_while_models_change()
    {
        var (first, second) = (Saved("first", seed: 3), Saved("second", seed: 4));
        using var host = new ModelHost(first);
        using var end = new CancellationTokenSource();
        var versions = new ConcurrentDictionary<string, int>();
        // Threads of their own: as many spinning tasks would leave the pool none for the change they wait for.
        var askers = Enumerable.Range(0, 8).Select(asker => Task.Factory.StartNew(() =>
        {
            while (!end.IsCancellationRequested)
            {
                using var model = host.Rent();
                model.Recommender.Recommend(Request.ForUser(TwoTastes.User(asker)), 5).Items.Count.ShouldBe(5);
                versions.AddOrUpdate(model.Card.Version, 1, (_, count) => count + 1);
            }
        }, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)).ToList();
        for (var change = 0; change < 10; change++)
        {
            await host.ChangeAsync(change % 2 == 0 ? second : first, Cancellation);
        }

        await end.CancelAsync();
        await Task.WhenAll(askers);
        versions.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_model_is_freed_with_its_last_lease()
    {
        var old = new Watched(TwoTastes.Train("popularity"));
        using var host = new ModelHost(old, "old");
        var lease = host.Rent();

        var card = await host.ChangeAsync(Saved("new", seed: 4), Cancellation);
        host.Card.ShouldBe(card);
        old.IsFreed.ShouldBeFalse();
        lease.Recommender.ShouldBeSameAs(old);

        lease.Dispose();
        old.IsFreed.ShouldBeTrue();
    }

    [Fact]
    public async Task A_corrupt_model_is_refused_and_the_old_one_goes_on()
    {
        using var host = new ModelHost(Saved("good", seed: 3));
        var before = host.Card;
        var bad = Saved("bad", seed: 4);
        var weights = Path.Combine(bad, "model.safetensors");
        var bytes = await File.ReadAllBytesAsync(weights, Cancellation);
        bytes[^1] ^= 0xFF;
        await File.WriteAllBytesAsync(weights, bytes, Cancellation);

        (await Should.ThrowAsync<InputException>(host.ChangeAsync(bad, Cancellation))).Message.ShouldContain("corrupt");
        await Should.ThrowAsync<InputException>(host.ChangeAsync(folder.At("nothing"), Cancellation));

        host.Card.ShouldBe(before);
        using var model = host.Rent();
        model.Recommender.Recommend(Request.ForUser("u0"), 3).Items.Count.ShouldBe(3);
    }

    [Fact]
    public void Versions_differ_between_models_and_agree_between_copies()
    {
        using var one = new ModelHost(Saved("one", seed: 3));
        using var same = new ModelHost(Saved("same", seed: 3));
        using var other = new ModelHost(Saved("other", seed: 4));

        same.Card.Version.ShouldBe(one.Card.Version);
        other.Card.Version.ShouldNotBe(one.Card.Version);
    }

    [Fact]
    public void A_model_says_how_far_its_store_was_read()
    {
        using (var recommender = TwoTastes.Train("popularity", storeUntil: 4711))
        {
            Recommender.Save(recommender, folder.At("model"));
        }

        using var host = new ModelHost(folder.Folder);
        host.Card.StoreUntil.ShouldBe(4711);
    }

    private string Saved(string name, ulong seed)
    {
        using var recommender = TwoTastes.Train("ease", seed: seed);
        Recommender.Save(recommender, folder.At(name));
        return folder.At(name);
    }

    private sealed class Watched(IRecommender inner) : IRecommender
    {
        public bool IsFreed { get; private set; }

        public string System => inner.System;

        public Data.Vocabulary Users => inner.Users;

        public Data.Vocabulary Items => inner.Items;

        public bool RecommendsSeen => inner.RecommendsSeen;

        public void Score(RequestBatch requests, Span<float> scores) => inner.Score(requests, scores);

        public RecommendationList Recommend(Request request, int count, CandidateFilter? filter = null) => inner.Recommend(request, count, filter);

        public RecommendationList Similar(string item, int count) => inner.Similar(item, count);

        public IReadOnlyList<string> FindItems(params IReadOnlyList<string> names) => inner.FindItems(names);

        public void Dispose()
        {
            IsFreed = true;
            inner.Dispose();
        }
    }
}
