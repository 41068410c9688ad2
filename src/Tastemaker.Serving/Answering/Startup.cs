using Microsoft.Extensions.Hosting;
using Tastemaker.Recommending;
using Tastemaker.Serving.Events;
using Tastemaker.Serving.Live;
using Tastemaker.Serving.Models;

namespace Tastemaker.Serving.Answering;

/// <summary>Makes the service ready before the application takes calls: a model that cannot be loaded fails the start, not the first caller.</summary>
internal sealed class Startup(RecommendationService service, ServedModels models, LiveHistories live, IEventStore store) : IHostedService
{
    /// <inheritdoc/>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await live.LoadAsync(store, cancellationToken).ConfigureAwait(false);
        await WarmUpAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    // The first list pays for compilation and for packing the item vectors.
    private async Task WarmUpAsync(CancellationToken cancellation)
    {
        foreach (var model in models.All)
        {
            if (Anyone(model.Host) is { } request)
            {
                _ = await service.RecommendAsync(new RecommendationQuery { Request = request, Model = model.Name, Count = 1 }, cancellation).ConfigureAwait(false);
            }
        }
    }

    private static Request? Anyone(ModelHost host)
    {
        using var model = host.Rent();
        var recommender = model.Recommender;
        return recommender.Users.Count > 0 ? Request.ForUser(recommender.Users[0]) : recommender.Items.Count > 0 ? Request.ForHistory(recommender.Items[0]) : null;
    }
}
