using System.Globalization;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Tastemaker.Serving.Retraining;

namespace Tastemaker.Server.Operations;

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
