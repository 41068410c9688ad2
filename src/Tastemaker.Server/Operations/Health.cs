using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Tastemaker.Serving;
using Tastemaker.Serving.Events;
using Tastemaker.Serving.Retraining;

namespace Tastemaker.Server.Operations;

/// <summary>Whether a model is loaded and the server is not on its way out, so that a balancer sends it no more calls.</summary>
internal sealed class ModelCheck(IRecommendationService service, IHostApplicationLifetime lifetime) : IHealthCheck
{
    /// <inheritdoc/>
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(
        lifetime.ApplicationStopping.IsCancellationRequested ? HealthCheckResult.Unhealthy("The server is stopping.") : HealthCheckResult.Healthy($"{service.Model.System} {service.Model.Version}"));
}

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

/// <summary>Whether training while serving fails: the server answers on, by an ageing model.</summary>
internal sealed class RetrainingCheck(RetrainingHealth health) : IHealthCheck
{
    /// <inheritdoc/>
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(
        health.State is { Failures: > 0 } state
            ? HealthCheckResult.Degraded(string.Create(
                CultureInfo.InvariantCulture, $"Training again has failed {state.Failures} time(s) since {state.Since.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}; the running model goes on. The log says why."))
            : HealthCheckResult.Healthy());
}

/// <summary>Health as text: the status, and a line for each check that is not healthy.</summary>
internal static class HealthText
{
    /// <summary>Writes it.</summary>
    public static Task WriteAsync(HttpContext context, HealthReport report)
    {
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(string.Join(
            '\n', report.Entries.Where(entry => entry.Value.Status != HealthStatus.Healthy).Select(entry => $"{entry.Key}: {entry.Value.Description}").Prepend(report.Status.ToString())));
    }
}
