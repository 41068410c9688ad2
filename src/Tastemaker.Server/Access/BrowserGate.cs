using System.Net;
using Microsoft.AspNetCore.Http;
using Tastemaker.Server.Errors;

namespace Tastemaker.Server.Access;

/// <summary>
/// Keeps other web pages out of a server that asks for no keys. A page may send simple requests to any address (cross-site request forgery), and may have a name of its
/// own resolved to this machine (DNS rebinding): so writes must come from this server's page or from an origin of <see cref="ServerOptions.CorsOrigins"/>, and the
/// Host header must be an IP address, "localhost", a host of <see cref="ServerOptions.Urls"/> or one of <see cref="ServerOptions.AllowedHosts"/>.
/// </summary>
internal sealed class BrowserGate(ApiKeys keys, ServerOptions options) : IMiddleware
{
    private const string Any = "*";
    private const string Opaque = "null";

    private readonly HashSet<string> hosts =
    [
        .. new[] { "localhost" }.Concat(options.AllowedHosts).Concat(options.Urls.Select(HostOf)).Select(host => host.ToLowerInvariant()),
    ];

    /// <inheritdoc/>
    public Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        // What no page can know needs no other protection; health is asked for by machines, under any name.
        if (keys.Any || context.Request.Path.StartsWithSegments("/healthz") || context.Request.Path.StartsWithSegments("/readyz"))
        {
            return next(context);
        }

        var host = context.Request.Host;
        if (host.HasValue && !IsAllowed(host.Host))
        {
            return ProblemResult.WriteAsync(
                context, StatusCodes.Status403Forbidden, $"This server is not known as '{host.Host}'. Start it with --allow-host {host.Host} (ServerOptions.AllowedHosts), or with API keys.");
        }

        var origin = context.Request.Headers.Origin.ToString();
        return origin.Length == 0 || IsRead(context.Request.Method) || IsOwn(origin, host) || (origin != Opaque && options.CorsOrigins.Contains(origin, StringComparer.OrdinalIgnoreCase))
            ? next(context)
            : ProblemResult.WriteAsync(
                context, StatusCodes.Status403Forbidden, origin == Opaque
                    ? "Pages without an origin of their own (opened from a file, or in a sandboxed frame; they send 'Origin: null') may not write to this server, since any page could pose as one. Serve the page from an address and name that in --cors (ServerOptions.CorsOrigins), or start the server with API keys."
                    : $"Web pages of '{origin}' may not write to this server. Start it with --cors {origin} (ServerOptions.CorsOrigins) to let them, or with API keys.");
    }

    private static bool IsRead(string method) => HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method);

    // A proxy may have taken the TLS off, so that the scheme says nothing.
    private static bool IsOwn(string origin, HostString host) => Uri.TryCreate(origin, UriKind.Absolute, out var uri) && uri.Authority.Equals(host.Value, StringComparison.OrdinalIgnoreCase);

    private static string HostOf(string url) => Uri.TryCreate(url, UriKind.Absolute, out var uri) ? uri.Host : "localhost";

    // An address is no name that someone else could resolve to it.
    private bool IsAllowed(string host) =>
        IPAddress.TryParse(host.Trim('[', ']'), out _) || hosts.Contains(host.ToLowerInvariant()) || hosts.Contains(Any) || host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase);
}
