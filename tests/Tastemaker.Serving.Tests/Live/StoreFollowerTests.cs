using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Tastemaker.Serving.Events;

namespace Tastemaker.Serving.Tests.Live;

/// <summary>Processes that share a store answer by what each of them was told.</summary>
public sealed class StoreFollowerTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task What_one_service_is_told_the_other_knows()
    {
        using (var recommender = TwoTastes.Train("popularity"))
        {
            Recommender.Save(recommender, folder.At("model"));
        }

        await using var store = new MemoryEventStore();
        await using var one = await StartAsync(store);
        await using var other = await StartAsync(store);
        var (first, second) = (one.GetRequiredService<IRecommendationService>(), other.GetRequiredService<IRecommendationService>());

        await first.AppendAsync([new("new", "i1"), new("new", "i2")], cancellation: Cancellation);
        while ((await second.HistoryOfAsync("new", Cancellation)).Count < 2)
        {
            await Task.Delay(5, Cancellation);
        }

        await second.AppendAsync([new("new", "i3")], cancellation: Cancellation);
        while ((await first.HistoryOfAsync("new", Cancellation)).Count < 3)
        {
            await Task.Delay(5, Cancellation);
        }

        (await first.HistoryOfAsync("new", Cancellation)).ShouldBe(["i1", "i2", "i3"]);
        (await second.HistoryOfAsync("new", Cancellation)).ShouldBe(["i1", "i2", "i3"]);
    }

    private async Task<ServiceProvider> StartAsync(IEventStore store)
    {
        var provider = new ServiceCollection()
            .AddTastemaker(options => (options.Model, options.MakeStore, options.FollowStore) = (folder.At("model"), _ => store, TimeSpan.FromMilliseconds(5)))
            .BuildServiceProvider();
        foreach (var hosted in provider.GetServices<IHostedService>())
        {
            await hosted.StartAsync(Cancellation);
        }

        return provider;
    }
}
