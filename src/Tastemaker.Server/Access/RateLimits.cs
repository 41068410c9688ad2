using System.Globalization;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.RateLimiting;
using Tastemaker.Server.Errors;

namespace Tastemaker.Server.Access;

/// <summary>So many requests a second for each key, or for each address where no keys are asked for.</summary>
internal static class RateLimits
{
    /// <summary>Sets the limiter up.</summary>
    public static void Configure(RateLimiterOptions limiter, int perSecond)
    {
        limiter.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(context => context.Request.Path.StartsWithSegments("/v1")
            ? RateLimitPartition.GetTokenBucketLimiter(CallerOf(context), _ => new TokenBucketRateLimiterOptions
            {
                TokenLimit = perSecond,
                TokensPerPeriod = perSecond,
                ReplenishmentPeriod = TimeSpan.FromSeconds(1),
                AutoReplenishment = true,
            })
            : RateLimitPartition.GetNoLimiter(""));
        limiter.OnRejected = async (rejected, _) =>
        {
            var wait = rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? Math.Max(1, (int)Math.Ceiling(after.TotalSeconds)) : 1;
            rejected.HttpContext.Response.Headers.RetryAfter = wait.ToString(CultureInfo.InvariantCulture);
            await ProblemResult.WriteAsync(
                rejected.HttpContext, StatusCodes.Status429TooManyRequests, $"More than {perSecond} requests a second. Try again after {wait} s, or ask for many lists in one call of /v1/recommendations/batch.").ConfigureAwait(false);
        };
    }

    private static string CallerOf(HttpContext context) => context.Items[ApiKeyGate.Caller] as string ?? context.Connection.RemoteIpAddress?.ToString() ?? "";
}
