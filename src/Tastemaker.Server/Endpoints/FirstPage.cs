using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Tastemaker.Server.Endpoints;

/// <summary>What a browser shows at the server's address: where to go on.</summary>
internal static class FirstPage
{
    private const string Html = """
        <!doctype html>
        <html lang="en">
        <head>
          <meta charset="utf-8">
          <meta name="viewport" content="width=device-width, initial-scale=1">
          <meta name="color-scheme" content="light dark">
          <title>Tastemaker</title>
          <style>body { font: 1rem/1.6 system-ui, sans-serif; max-width: 40rem; margin: 3rem auto; padding: 0 1rem }</style>
        </head>
        <body>
          <h1>Tastemaker</h1>
          <p>A recommender behind an API.</p>
          <ul>
            <li><a href="/reference">Reference</a> of the API, to try it out, and its <a href="/openapi/v1.json">OpenAPI document</a></li>
            <li><a href="/v1/model">The model</a> that answers</li>
            <li><a href="/readyz">Health</a> and <a href="/metrics">metrics</a></li>
          </ul>
        </body>
        </html>
        """;

    /// <summary>Adds it.</summary>
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/", () => TypedResults.Content(Html, "text/html; charset=utf-8")).ExcludeFromDescription();
}
