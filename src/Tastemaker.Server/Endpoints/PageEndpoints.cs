using System.Collections.Frozen;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;

namespace Tastemaker.Server.Endpoints;

/// <summary>The page that a browser shows at the server's address: files inside this assembly, so that it is there wherever the server is.</summary>
internal static class PageEndpoints
{
    private const string Prefix = "Page/"; // of the resources' names
    private const string First = "index.html";

    // Titles and identifiers come from anywhere: whatever the page would make of them, a browser runs nothing but its own files.
    private const string Policy =
        "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static readonly string[] Methods = [HttpMethods.Get, HttpMethods.Head];
    private static readonly FrozenDictionary<string, PageFile> Files = Read();

    /// <summary>Adds it.</summary>
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapMethods("/", Methods, (HttpContext context) => Answer(context, First)).ExcludeFromDescription();
        routes.MapMethods("/page/{**file}", Methods, (string file, HttpContext context) => Answer(context, file)).ExcludeFromDescription();
    }

    private static IResult Answer(HttpContext context, string name)
    {
        if (!Files.TryGetValue(name, out var file))
        {
            return TypedResults.NotFound();
        }

        // A browser keeps the files and asks whether they are still the same: after an update none is old.
        var headers = context.Response.Headers;
        (headers.CacheControl, headers.ContentSecurityPolicy, headers.XContentTypeOptions, headers["Referrer-Policy"]) = ("no-cache", Policy, "nosniff", "no-referrer");
        return TypedResults.Bytes(file.Content, file.MediaType, entityTag: file.Tag);
    }

    private static FrozenDictionary<string, PageFile> Read()
    {
        var assembly = typeof(PageEndpoints).Assembly;
        var files = new Dictionary<string, PageFile>();
        foreach (var resource in assembly.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)))
        {
            using var stream = assembly.GetManifestResourceStream(resource)!;
            var content = new byte[stream.Length];
            stream.ReadExactly(content);
            files[resource[Prefix.Length..].Replace('\\', '/')] =
                new PageFile(content, MediaTypeOf(resource), new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(content))[..16]}\""));
        }

        return files.ToFrozenDictionary();
    }

    private static string MediaTypeOf(string name) => Path.GetExtension(name) switch
    {
        ".html" => "text/html; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        ".js" => "text/javascript; charset=utf-8",
        ".svg" => "image/svg+xml",
        var other => throw new InvalidOperationException($"A file of the page ends in '{other}', for which no media type is given here."),
    };

    private sealed record PageFile(byte[] Content, string MediaType, EntityTagHeaderValue Tag);
}
