using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Scalar.AspNetCore;
using Tastemaker.Server.Access;
using Tastemaker.Server.Contracts;
using Tastemaker.Server.Endpoints;
using Tastemaker.Server.Errors;
using Tastemaker.Server.Operations;
using Tastemaker.Serving;

namespace Tastemaker.Server;

/// <summary>The HTTP service: a recommender, live events and operations behind one address.</summary>
public static class TastemakerServer
{
    private const string Ready = "ready";

    /// <summary>Makes the service, ready to be started. The model is loaded at the start.</summary>
    /// <exception cref="InputException">An option cannot be used: the file of keys, an address.</exception>
    public static WebApplication Build(ServerOptions options)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory, ApplicationName = "Tastemaker.Server", EnvironmentName = "Production" });
        builder.WebHost.UseUrls([.. options.Urls]);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = options.MostBodyBytes;
        });
        var isStarting = true;
        Log(builder.Logging, options.JsonLogs, () => isStarting);
        AddServices(builder.Services, options);
        var app = builder.Build();
        app.Lifetime.ApplicationStarted.Register(() => isStarting = false);
        AddPipeline(app, options);
        return app;
    }

    private static void AddServices(IServiceCollection services, ServerOptions options)
    {
        services.AddTastemaker(serving =>
        {
            (serving.Model, serving.CompareWith, serving.Store) = (options.Model, options.CompareWith, options.Store);
            options.Serving?.Invoke(serving);
        });
        services.AddSingleton(options).AddSingleton<RequestValidator>().AddSingleton(ApiKeys.Read(options.ApiKeyFile)).AddSingleton<ApiKeyGate>().AddSingleton<BrowserGate>();
        services.AddExceptionHandler<ExceptionProblems>().AddProblemDetails();
        services.ConfigureHttpJsonOptions(json =>
        {
            var own = ApiJson.Types.Options;
            json.SerializerOptions.TypeInfoResolverChain.Insert(0, ApiJson.Types);
            json.SerializerOptions.Encoder = own.Encoder;
            (json.SerializerOptions.UnmappedMemberHandling, json.SerializerOptions.NumberHandling, json.SerializerOptions.DefaultIgnoreCondition) =
                (own.UnmappedMemberHandling, own.NumberHandling, own.DefaultIgnoreCondition);
        });
        services.Configure<RouteHandlerOptions>(handlers => handlers.ThrowOnBadRequest = true); // so that one place words all problems
        services.AddOpenApi("v1", ApiDescription.Configure);
        services.AddHealthChecks().AddCheck<ModelCheck>("model", tags: [Ready]).AddCheck<StoreCheck>("store", tags: [Ready]).AddCheck<RetrainingCheck>("retraining", tags: [Ready]);
        Telemetry.AddTo(services, options.OtlpEndpoint);
        if (options.CorsOrigins.Count > 0)
        {
            services.AddCors(cors => cors.AddDefaultPolicy(policy => policy.WithOrigins([.. options.CorsOrigins]).AllowAnyHeader().AllowAnyMethod()));
        }

        if (options.RateLimit > 0)
        {
            services.AddRateLimiter(limiter => RateLimits.Configure(limiter, options.RateLimit));
        }
    }

    private static void AddPipeline(WebApplication app, ServerOptions options)
    {
        app.UseExceptionHandler();
        app.UseStatusCodePages(status => ProblemResult.WriteAsync(status.HttpContext, status.HttpContext.Response.StatusCode, Describe(status.HttpContext, options)));
        app.UseRouting();
        if (options.CorsOrigins.Count > 0)
        {
            app.UseCors(); // before keys: a browser asks for leave without one
        }

        app.UseMiddleware<BrowserGate>();
        app.UseMiddleware<ApiKeyGate>();
        if (options.RateLimit > 0)
        {
            app.UseRateLimiter();
        }

        app.Use(CharsetGate.InvokeAsync);
        var api = app.MapGroup("/v1").WithTags("v1").AddEndpointFilterFactory(QueryParameters.Check);
        RecommendationEndpoints.Map(api);
        EntityEndpoints.Map(api);
        ModelEndpoints.Map(api);
        PageEndpoints.Map(app);
        app.MapOpenApi();
        app.MapScalarApiReference("/reference", reference => reference.WithTitle("Tastemaker").DisableDefaultFonts());
        app.MapHealthChecks("/healthz", new HealthCheckOptions { Predicate = _ => false });
        app.MapHealthChecks("/readyz", new HealthCheckOptions { Predicate = check => check.Tags.Contains(Ready), ResponseWriter = HealthText.WriteAsync });
        app.MapPrometheusScrapingEndpoint("/metrics");
    }

    private static string Describe(HttpContext context, ServerOptions options) => context.Response.StatusCode switch
    {
        StatusCodes.Status404NotFound => $"There is nothing at {context.Request.Path}. /reference lists what there is.",
        StatusCodes.Status405MethodNotAllowed => $"{context.Request.Path} does not answer {context.Request.Method}. /reference says what it answers.",
        StatusCodes.Status413PayloadTooLarge => $"The body is larger than {options.MostBodyBytes} bytes. Send less at a time.",
        StatusCodes.Status415UnsupportedMediaType => "The body must be JSON, with the header 'Content-Type: application/json'.",
        _ => "/reference describes the API.",
    };

    private static void Log(ILoggingBuilder logging, bool json, Func<bool> isStarting)
    {
        logging.ClearProviders().SetMinimumLevel(LogLevel.Information).AddFilter("Microsoft", LogLevel.Warning).AddFilter("System", LogLevel.Warning);

        // What fails the start is thrown to whoever starts the server, who words it; a stack trace beside that helps nobody.
        logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", level => level >= LogLevel.Warning && !isStarting());
        _ = json
            ? logging.AddJsonConsole(console => (console.UseUtcTimestamp, console.TimestampFormat) = (true, "O"))
            : logging.AddSimpleConsole(console => (console.SingleLine, console.UseUtcTimestamp, console.TimestampFormat) = (true, true, "yyyy-MM-ddTHH:mm:ssZ "));
        // Results go to standard output, all else to standard error, as with every command.
        logging.Services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
    }
}
