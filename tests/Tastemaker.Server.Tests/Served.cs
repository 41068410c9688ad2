using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;

namespace Tastemaker.Server.Tests;

/// <summary>A running server with a model of its own, on a free port, and a client of it.</summary>
internal sealed class Served : IAsyncDisposable
{
    private readonly WebApplication app;

    private Served(WebApplication app, string folder)
    {
        (this.app, Folder) = (app, folder);
        Client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
    }

    public string Folder { get; }

    public string Model => Path.Combine(Folder, "model");

    public HttpClient Client { get; }

    public static async Task<Served> StartAsync(Func<ServerOptions, ServerOptions>? change = null, string? folder = null)
    {
        folder ??= NewFolder();
        var options = new ServerOptions { Model = Path.Combine(folder, "model"), Urls = ["http://127.0.0.1:0"] };
        var app = TastemakerServer.Build(change?.Invoke(options) ?? options);
        await app.StartAsync();
        return new Served(app, folder);
    }

    /// <summary>A folder with a freshly trained model.</summary>
    public static string NewFolder()
    {
        var folder = Path.Combine(Path.GetTempPath(), $"served-{Guid.NewGuid():N}");
        Films.Train(Path.Combine(folder, "model"));
        return folder;
    }

    public async Task<Reply> GetAsync(string path) => await Reply.OfAsync(await Client.GetAsync(new Uri(path, UriKind.Relative)));

    public Task<Reply> PostAsync(string path, object body) => SendAsync(HttpMethod.Post, path, JsonSerializer.Serialize(body));

    public async Task<Reply> SendAsync(HttpMethod method, string path, string json, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative)) { Content = new StringContent(json, Encoding.UTF8, "application/json") };
        // A server that refuses a large body may close the connection while it is being sent: it is asked before.
        request.Headers.ExpectContinue = json.Length > 1 << 20 ? true : null;
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await Reply.OfAsync(await Client.SendAsync(request));
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await app.StopAsync(); // as a process does: requests end before what they report to
        await app.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }
}

internal sealed record Reply(HttpStatusCode Status, string? MediaType, string Text)
{
    public JsonElement Json => JsonDocument.Parse(Text).RootElement;

    public string[] Items => [.. Json.GetProperty("items").EnumerateArray().Select(item => item.TryGetProperty("item", out var id) ? id.GetString()! : item.GetProperty("id").GetString()!)];

    public string this[string property] => Json.GetProperty(property).ToString();

    /// <summary>Checks that this is a problem, and gives its words.</summary>
    public string Problem(HttpStatusCode status)
    {
        Status.ShouldBe(status, Text);
        MediaType.ShouldBe("application/problem+json");
        Json.GetProperty("status").GetInt32().ShouldBe((int)status);
        return this["detail"] + (Json.TryGetProperty("errors", out var errors) ? " " + errors : "");
    }

    public Reply Ok()
    {
        Status.ShouldBe(HttpStatusCode.OK, Text);
        return this;
    }

    public static async Task<Reply> OfAsync(HttpResponseMessage response)
    {
        using (response)
        {
            return new Reply(response.StatusCode, response.Content.Headers.ContentType?.MediaType, await response.Content.ReadAsStringAsync());
        }
    }
}
