using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Tastemaker.Models.Baselines;
using Tastemaker.Options;
using Tastemaker.Recommending;
using Tastemaker.Retrieval;
using Tastemaker.Serving.Events;

namespace Tastemaker.Serving.Tests;

/// <summary>A service on a system that was trained and saved, and the questions that tests ask it.</summary>
public abstract class ServedSystem : IAsyncDisposable
{
    protected TemporaryFolder Folder { get; } = new();
    protected List<ServiceProvider> Providers { get; } = [];

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        foreach (var provider in Providers)
        {
            await provider.DisposeAsync();
        }

        Folder.Dispose();
    }

    protected static RecommendationQuery Query(Request request, int count) => new() { Request = request, Count = count };

    protected static Task<RecommendationList> Answer(IRecommendationService service, Request request, int count, CandidateFilter? filter = null) =>
        service.RecommendAsync(Query(request, count) with { Filter = filter }, Cancellation);

    protected static async Task<List<string>> Ask(IRecommendationService service, string user, int count, CandidateFilter? filter = null) =>
        [.. (await Answer(service, Request.ForUser(user), count, filter)).Items.Select(item => item.Item)];

    protected static async Task Start(ServiceProvider provider)
    {
        foreach (var hosted in provider.GetServices<IHostedService>())
        {
            await hosted.StartAsync(Cancellation);
        }
    }

    protected async Task<IRecommendationService> Serve(string system, string store = "", int usersInMemory = 1000)
    {
        ModelOptions? options = system switch
        {
            "ease" => new EaseOptions { Regularization = 10 },
            "bpr-mf" => new BprMfOptions { Dimension = 8, Epochs = 30, LearningRate = 0.05f },
            _ => null,
        };
        using (var recommender = TwoTastes.Train(system, options))
        {
            Recommender.Save(recommender, Folder.At(system));
        }

        var provider = new ServiceCollection().AddTastemaker(settings => (settings.Model, settings.Store, settings.UsersInMemory) = (Folder.At(system), store, usersInMemory)).BuildServiceProvider();
        Providers.Add(provider);
        await Start(provider);
        return provider.GetRequiredService<IRecommendationService>();
    }
}
