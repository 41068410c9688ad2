using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Tastemaker.Server.Tests;

public sealed class TracesTests
{
    [Fact]
    public async Task Traces_reach_a_collector()
    {
        var received = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        await using var collector = builder.Build();
        collector.MapPost("/v1/traces", async (HttpRequest request) =>
        {
            using var body = new MemoryStream();
            await request.Body.CopyToAsync(body);
            received.TrySetResult(Encoding.Latin1.GetString(body.ToArray()));
        });
        await collector.StartAsync();
        await using (var server = await Served.StartAsync(options => options with { OtlpEndpoint = $"{collector.Urls.Single()}/v1/traces" }))
        {
            // A caller that says its own trace is not kept would have this one dropped too; whoever runs tests may be such a caller.
            using var handler = new SocketsHttpHandler { ActivityHeadersPropagator = null };
            using var client = new HttpClient(handler) { BaseAddress = server.Client.BaseAddress };
            (await client.GetAsync(new Uri("/v1/users/u1/recommendations", UriKind.Relative))).EnsureSuccessStatusCode();
        }

        // Stopping the server sends what waits.
        received.Task.IsCompletedSuccessfully.ShouldBeTrue();
        (await received.Task).ShouldContain("GET /v1/users/{user}/recommendations");
    }
}
