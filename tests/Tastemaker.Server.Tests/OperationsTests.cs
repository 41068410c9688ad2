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
                "/v1/similar", "/v1/item", "/v1/history",
            ],
            ignoreOrder: true);
    }

    [Fact]
    public async Task The_document_is_true_to_the_service()
    {
        await using var server = await Served.StartAsync();
        var document = (await server.GetAsync("/openapi/v1.json")).Ok().Json;
        var schemas = document.GetProperty("components").GetProperty("schemas");

        // Every operation says which problems it may answer with, all of one shape.
        foreach (var (path, method, operation) in document.GetProperty("paths").EnumerateObject().SelectMany(path => path.Value.EnumerateObject().Select(operation => (path.Name, operation.Name, operation.Value))))
        {
            var responses = operation.GetProperty("responses").EnumerateObject().ToDictionary(response => response.Name, response => response.Value);
            string[] expected = ["400", "401", "403", "429", "500", "503", .. operation.TryGetProperty("requestBody", out _) ? new[] { "413", "415" } : []];
            responses.Keys.ShouldBe(responses.Keys.Union(expected), $"{method} {path}");
            foreach (var (status, response) in responses.Where(response => response.Key[0] is '4' or '5'))
            {
                response.GetProperty("content").GetProperty("application/problem+json").GetProperty("schema").GetProperty("$ref").GetString().ShouldBe("#/components/schemas/Problem", $"{method} {path} {status}");
            }
        }

        // Interactions come alone or in an array, with a key that names the call.
        var append = document.GetProperty("paths").GetProperty("/v1/interactions").GetProperty("post");
        append.GetProperty("parameters").EnumerateArray().Select(parameter => (parameter.GetProperty("name").GetString(), parameter.GetProperty("in").GetString())).ShouldBe([("Idempotency-Key", "header")]);
        append.GetProperty("responses").TryGetProperty("422", out _).ShouldBeTrue();
        schemas.GetProperty("InteractionList").GetProperty("oneOf").GetArrayLength().ShouldBe(2);
        schemas.GetProperty("Interaction").GetProperty("required").EnumerateArray().Select(name => name.GetString()).ShouldBe(["user", "item"]);
        document.GetProperty("components").GetProperty("securitySchemes").EnumerateObject().Select(scheme => scheme.Name).ShouldBe(["bearer", "apiKey"], ignoreOrder: true);

        // Nothing refers to a schema that is not there.
        System.Text.RegularExpressions.Regex.Matches(document.GetRawText(), "#/components/schemas/(\\w+)").Select(match => match.Groups[1].Value).Distinct()
            .Where(name => !schemas.TryGetProperty(name, out _)).ShouldBeEmpty();
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
