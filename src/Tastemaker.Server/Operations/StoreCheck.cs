using Microsoft.Extensions.Diagnostics.HealthChecks;
using Tastemaker.Serving.Events;

namespace Tastemaker.Server.Operations;

/// <summary>Whether the event store answers.</summary>
internal sealed class StoreCheck(IEventStore store) : IHealthCheck
{
    /// <inheritdoc/>
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            // A number beyond all: the store is asked, and nothing is read.
            await foreach (var _ in store.ReadAsync(long.MaxValue, cancellationToken).ConfigureAwait(false))
            {
                break;
            }

            return HealthCheckResult.Healthy();
        }
        catch (EventStoreException failure)
        {
            return HealthCheckResult.Unhealthy("The event store does not answer; the log says why.", failure);
        }
    }
}
