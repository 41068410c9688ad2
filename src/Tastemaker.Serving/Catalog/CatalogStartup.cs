using Microsoft.Extensions.Hosting;
using Tastemaker.Serving.Events;

namespace Tastemaker.Serving.Catalog;

/// <summary>Reads the items and users of the store before the application takes calls.</summary>
internal sealed class CatalogStartup(ItemCatalog catalog, IEventStore store) : IHostedService
{
    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => catalog.LoadAsync(store, cancellationToken);

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
