using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Tastemaker.Serving.Operations;

namespace Tastemaker.Server.Operations;

/// <summary>What is measured, and where it goes: metrics to whoever reads /metrics, traces by OTLP where that is asked for.</summary>
internal static class Telemetry
{
    private static readonly string Service = Environment.GetEnvironmentVariable("OTEL_SERVICE_NAME") ?? "tastemaker";

    private static readonly double[] Seconds = [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5];
    private static readonly double[] Sizes = [1, 2, 4, 8, 16, 32, 64, 128, 256];

    // Some systems score from 0 to 1, some by dot products, some in stars: fine near zero, and far to both sides.
    private static readonly double[] Scores = [.. Sides([0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 1, 1.4, 2, 3, 4, 5, 7, 10, 14, 20, 50, 100, 1000])];

    /// <summary>Adds both.</summary>
    /// <exception cref="InputException">The endpoint is no address.</exception>
    public static void AddTo(IServiceCollection services, string? otlp)
    {
        var telemetry = services.AddOpenTelemetry().ConfigureResource(resource => resource.AddService(Service)).WithMetrics(metrics => metrics
            .AddMeter(ServingMetrics.MeterName, "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "Microsoft.AspNetCore.RateLimiting", "System.Runtime")
            .AddView("tastemaker.recommend.duration", new ExplicitBucketHistogramConfiguration { Boundaries = Seconds })
            .AddView("tastemaker.batch.size", new ExplicitBucketHistogramConfiguration { Boundaries = Sizes })
            .AddView("tastemaker.score.top", new ExplicitBucketHistogramConfiguration { Boundaries = Scores })
            .AddPrometheusExporter());
        if (otlp is not null)
        {
            var endpoint = Uri.TryCreate(otlp, UriKind.Absolute, out var found) && found.Scheme is "http" or "https"
                ? found
                : throw new InputException($"'{otlp}' is no address that traces can be sent to; write one such as http://127.0.0.1:4317.");
            // The path tells the protocol: collectors take HTTP at /v1/traces, and gRPC without a path.
            var protocol = endpoint.AbsolutePath.EndsWith("/v1/traces", StringComparison.Ordinal) ? OtlpExportProtocol.HttpProtobuf : OtlpExportProtocol.Grpc;
            telemetry.WithTracing(tracing => tracing.AddAspNetCoreInstrumentation().AddOtlpExporter(exporter => (exporter.Endpoint, exporter.Protocol) = (endpoint, protocol)));
        }
    }

    private static IEnumerable<double> Sides(double[] positive) => [.. positive.Reverse().Select(bound => -bound), 0, .. positive];
}
