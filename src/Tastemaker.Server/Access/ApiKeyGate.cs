using Microsoft.AspNetCore.Http;
using Tastemaker.Server.Errors;

namespace Tastemaker.Server.Access;

/// <summary>Lets calls of the API and of the metrics in if they bring a key; health, documents and the page are open.</summary>
internal sealed class ApiKeyGate(ApiKeys keys) : IMiddleware
{
    /// <summary>Where the name of the caller's key is kept with the request.</summary>
    public static readonly object Caller = new();

    private const string Bearer = "Bearer ";

    /// <inheritdoc/>
    public Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        if (!keys.Any || !(context.Request.Path.StartsWithSegments("/v1") || context.Request.Path.StartsWithSegments("/metrics")))
        {
            return next(context);
        }

        var header = context.Request.Headers.Authorization.ToString();
        var key = header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) ? header[Bearer.Length..].Trim() : context.Request.Headers["X-Api-Key"].ToString();
        if (key.Length == 0 || keys.NameOf(key) is not { } name)
        {
            context.Response.Headers.WWWAuthenticate = "Bearer";
            return ProblemResult.WriteAsync(context, StatusCodes.Status401Unauthorized, key.Length == 0
                ? "An API key is needed: send it as 'Authorization: Bearer KEY' or 'X-Api-Key: KEY'."
                : "This API key is not known. Ask the operator of this server for one.");
        }

        context.Items[Caller] = name;
        return next(context);
    }
}
