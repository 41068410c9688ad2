using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Tastemaker.Serving.Answering;
using Tastemaker.Serving.Catalog;
using Tastemaker.Serving.Events;
using Tastemaker.Serving.Live;
using Tastemaker.Serving.Maps;
using Tastemaker.Serving.Models;
using Tastemaker.Serving.Operations;
using Tastemaker.Serving.Retraining;

namespace Tastemaker.Serving;

/// <summary>Puts a recommender into an application.</summary>
public static class ServiceCollectionExtensions
{
    /// <summary>
    /// Adds <see cref="IRecommendationService"/>. The model is loaded, and stored interactions are read, when the application starts.
    /// </summary>
    /// <example><code>builder.Services.AddTastemaker(options => options.Model = "runs/ease");</code></example>
    public static IServiceCollection AddTastemaker(this IServiceCollection services, Action<TastemakerOptions> configure)
    {
        services.AddOptions<TastemakerOptions>().Configure(configure).ValidateDataAnnotations();
        services.AddMetrics();
        services.TryAddSingleton<ServedModels>();
        services.TryAddSingleton(provider => Options(provider).MakeStore?.Invoke(provider) ?? EventStores.Open(Options(provider).Store));
        services.TryAddSingleton(provider => new LiveHistories(Options(provider).HistoryLength, Options(provider).UsersInMemory, Options(provider).TrainedUntil));
        services.TryAddSingleton<ItemCatalog>();
        services.TryAddSingleton<ItemMaps>();
        services.TryAddSingleton<ServingMetrics>();
        services.TryAddSingleton<RecommendationService>();
        services.TryAddSingleton<IRecommendationService>(provider => provider.GetRequiredService<RecommendationService>());
        services.AddSingleton<IHostedService, CatalogStartup>();
        services.AddSingleton<IHostedService, Startup>();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<IHostedService>(provider => new StoreFollower(
            provider.GetRequiredService<IOptions<TastemakerOptions>>(), provider.GetRequiredService<IEventStore>(), provider.GetRequiredService<LiveHistories>(),
            provider.GetRequiredService<TimeProvider>(), provider.GetService<ILogger<StoreFollower>>() ?? NullLogger<StoreFollower>.Instance));
        services.TryAddSingleton<Retrainer>();
        services.TryAddSingleton<RetrainingHealth>();
        services.AddSingleton<IHostedService>(provider => new RetrainingSchedule(
            provider.GetRequiredService<IOptions<TastemakerOptions>>(), provider.GetRequiredService<Retrainer>(), provider.GetRequiredService<RetrainingHealth>(),
            provider.GetRequiredService<ServingMetrics>(),
            provider.GetRequiredService<TimeProvider>(), provider.GetService<ILogger<RetrainingSchedule>>() ?? NullLogger<RetrainingSchedule>.Instance));
        return services;

        static TastemakerOptions Options(IServiceProvider provider) => provider.GetRequiredService<IOptions<TastemakerOptions>>().Value;
    }
}
