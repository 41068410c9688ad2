using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Tastemaker.Serving;

namespace Tastemaker.Server.Operations;

/// <summary>Whether a model is loaded and the server is not on its way out, so that a balancer sends it no more calls.</summary>
internal sealed class ModelCheck(IRecommendationService service, IHostApplicationLifetime lifetime) : IHealthCheck
{
    /// <inheritdoc/>
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(
        lifetime.ApplicationStopping.IsCancellationRequested ? HealthCheckResult.Unhealthy("The server is stopping.") : HealthCheckResult.Healthy($"{service.Model.System} {service.Model.Version}"));
}
