using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace Tastemaker.Server.Tests;

public sealed class OperationsTests
{
    [Fact]
    public async Task Health_readiness_and_the_first_page_answer()
    {
        await using var server = await Served.StartAsync();

        (await server.GetAsync("/healthz")).Ok().Text.ShouldBe("Healthy");
        (await server.GetAsync("/readyz")).Ok().Text.ShouldBe("Healthy");
        (await server.GetAsync("/")).Ok().Text.ShouldContain("reference");
        (await server.GetAsync("/reference")).Ok().MediaType.ShouldBe("text/html");
        (await server.GetAsync("/v1/model")).Ok()["system"].ShouldBe("ease");
    }

    [Fact]
    public async Task Metrics_count_answers_and_interactions()
    {
        await using var server = await Served.StartAsync();
        (await server.GetAsync("/v1/users/nobody/recommendations")).Ok();
        (await server.PostAsync("/v1/interactions", new { user = "u1", item = "f1" })).Ok();

        var metrics = (await server.GetAsync("/metrics")).Ok().Text;

        metrics.ShouldContain("strategy=\"Popularity\"");
        metrics.ShouldContain("le=\"-0.01\""); // scores near zero are told apart
        metrics.ShouldContain("tastemaker_interactions_appended");
        metrics.ShouldContain("tastemaker_recommend_duration_seconds_bucket");
        metrics.ShouldContain("http_server_request_duration_seconds_bucket");
        metrics.ShouldContain("tastemaker_catalog_coverage{");
    }

    [Fact]
    public async Task The_document_lists_the_paths()
    {
        await using var server = await Served.StartAsync();
        var paths = (await server.GetAsync("/openapi/v1.json")).Ok().Json.GetProperty("paths").EnumerateObject().Select(path => path.Name);

        paths.ShouldBe(
            [
                "/v1/recommendations", "/v1/recommendations/batch", "/v1/users/{user}/recommendations", "/v1/items/{item}/similar", "/v1/interactions", "/v1/items/{id}",
                "/v1/users/{id}", "/v1/items", "/v1/features", "/v1/users", "/v1/models", "/v1/map", "/v1/users/{user}/history", "/v1/model", "/v1/model/reload",
            ],
            ignoreOrder: true);
    }

    [Fact]
    public async Task Keys_open_the_api_and_nothing_else_does()
    {
        var folder = Served.NewFolder();
        var file = Path.Combine(folder, "keys.txt");
        File.WriteAllText(file, $"# keys\n{Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes("open sesame")))}  shop\n");
        await using var server = await Served.StartAsync(options => options with { ApiKeyFile = file }, folder);
        async Task<Reply> Call(string path, params (string, string)[] headers) => await server.SendAsync(HttpMethod.Get, path, "", headers);

        (await Call("/v1/model")).Problem(HttpStatusCode.Unauthorized).ShouldContain("needed");
        (await Call("/metrics")).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await Call("/V1/model", ("Authorization", "Bearer open says me"))).Problem(HttpStatusCode.Unauthorized).ShouldContain("not known");
        (await Call("/v1/model", ("Authorization", "Bearer open sesame"))).Ok();
        (await Call("/v1/model", ("X-Api-Key", "open sesame"))).Ok();
        (await Call("/healthz")).Ok();
    }

    [Fact]
    public void A_file_of_keys_that_has_none_is_refused_with_the_lines()
    {
        var file = Path.GetTempFileName();
        File.WriteAllText(file, "my-key\n# fine\nzz shop\n");

        var problem = Should.Throw<InputException>(() => TastemakerServer.Build(new ServerOptions { Model = "none", ApiKeyFile = file }));

        problem.Problems.Count.ShouldBe(2);
        problem.Message.ShouldContain("line 3");
        File.Delete(file);
    }

    [Fact]
    public async Task Too_many_requests_are_told_when_to_come_back()
    {
        await using var server = await Served.StartAsync(options => options with { RateLimit = 1 });

        var replies = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => server.GetAsync("/v1/model")));

        replies.Count(reply => reply.Status == HttpStatusCode.OK).ShouldBeGreaterThan(0);
        replies.First(reply => reply.Status != HttpStatusCode.OK).Problem(HttpStatusCode.TooManyRequests).ShouldContain("Try again");
        (await server.GetAsync("/healthz")).Ok();
    }

    [Fact]
    public async Task Web_pages_of_other_origins_are_let_in_only_where_named()
    {
        await using var open = await Served.StartAsync(options => options with { CorsOrigins = ["https://shop.example"] });
        await using var closed = await Served.StartAsync();

        async Task<bool> Allowed(Served server, string origin)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("/v1/model", UriKind.Relative));
            request.Headers.Add("Origin", origin);
            using var response = await server.Client.SendAsync(request);
            return response.Headers.Contains("Access-Control-Allow-Origin");
        }

        (await Allowed(open, "https://shop.example")).ShouldBeTrue();
        (await Allowed(open, "https://other.example")).ShouldBeFalse();
        (await Allowed(closed, "https://shop.example")).ShouldBeFalse();
    }

    [Fact]
    public async Task A_model_that_is_not_there_fails_the_start()
    {
        await using var app = TastemakerServer.Build(new ServerOptions { Model = "no-such-folder", Urls = ["http://127.0.0.1:0"] });

        (await Should.ThrowAsync<InputException>(() => app.StartAsync())).Message.ShouldContain("no-such-folder");
    }
}
