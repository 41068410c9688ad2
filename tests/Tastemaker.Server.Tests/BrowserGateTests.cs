using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace Tastemaker.Server.Tests;

/// <summary>Pages of others can neither write to a server without keys nor read it under a name of theirs.</summary>
public sealed class BrowserGateTests(ServedFixture fixture) : IClassFixture<ServedFixture>
{
    private readonly Served server = fixture.Server;

    private string Own => server.Client.BaseAddress!.Authority;

    [Fact]
    public async Task A_foreign_page_may_not_write_and_the_own_one_may()
    {
        (await Call(server, HttpMethod.Post, "/v1/model/reload", ("Origin", "http://evil.example"))).Problem(HttpStatusCode.Forbidden).ShouldContain("--cors http://evil.example");
        (await Call(server, HttpMethod.Post, "/v1/model/reload", ("Origin", "null"))).Problem(HttpStatusCode.Forbidden).ShouldNotContain("--cors null");
        (await Call(server, HttpMethod.Post, "/v1/model/reload", ("Origin", "http://127.0.0.1:1"))).Problem(HttpStatusCode.Forbidden);
        (await Call(server, HttpMethod.Delete, "/v1/interactions?user=x", ("Origin", "http://evil.example"))).Problem(HttpStatusCode.Forbidden);
        (await Call(server, HttpMethod.Post, "/v1/model/reload", ("Origin", $"http://{Own}"))).Ok();
        (await Call(server, HttpMethod.Post, "/v1/model/reload")).Ok();
        (await Call(server, HttpMethod.Get, "/v1/model", ("Origin", "http://evil.example"))).Ok(); // a browser shows the page nothing of it
    }

    [Theory]
    [InlineData("evil.example", false)]
    [InlineData("evil.example:8080", false)]
    [InlineData("localhost.evil.example", false)]
    [InlineData("localhost:8080", true)]
    [InlineData("LOCALHOST", true)]
    [InlineData("127.0.0.1:99", true)]
    [InlineData("[::1]:8080", true)]
    [InlineData("192.168.1.7:8080", true)]
    public async Task Only_names_that_nobody_else_can_point_here_are_answered(string host, bool isAnswered)
    {
        var reply = await Call(server, HttpMethod.Get, "/v1/model", ("Host", host));

        reply.Status.ShouldBe(isAnswered ? HttpStatusCode.OK : HttpStatusCode.Forbidden);
        if (!isAnswered)
        {
            reply.Problem(HttpStatusCode.Forbidden).ShouldContain("--allow-host");
        }

        (await Call(server, HttpMethod.Get, "/healthz", ("Host", host))).Ok();
    }

    [Fact]
    public async Task Names_and_origins_that_the_operator_allows_are_let_in()
    {
        await using var open = await Served.StartAsync(options => options with { AllowedHosts = ["shop.internal"], CorsOrigins = ["https://shop.example"] });

        (await Call(open, HttpMethod.Post, "/v1/model/reload", ("Host", "shop.internal:8080"), ("Origin", "https://shop.example"))).Ok();
        (await Call(open, HttpMethod.Post, "/v1/model/reload", ("Host", "shop.internal"), ("Origin", "https://other.example"))).Problem(HttpStatusCode.Forbidden);
        (await Call(open, HttpMethod.Get, "/v1/model", ("Host", "other.internal"))).Problem(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task Where_keys_are_asked_for_they_are_enough()
    {
        var folder = Served.NewFolder();
        var file = Path.Combine(folder, "keys.txt");
        await File.WriteAllTextAsync(file, $"{Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes("sesame")))} shop\n", TestContext.Current.CancellationToken);
        await using var closed = await Served.StartAsync(options => options with { ApiKeyFile = file }, folder);

        (await Call(closed, HttpMethod.Post, "/v1/model/reload", ("Host", "shop.example"), ("Origin", "https://elsewhere.example"), ("X-Api-Key", "sesame"))).Ok();
        (await Call(closed, HttpMethod.Get, "/v1/model", ("Host", "shop.example"))).Problem(HttpStatusCode.Unauthorized);
    }

    private static Task<Reply> Call(Served server, HttpMethod method, string path, params (string Name, string Value)[] headers) => server.SendAsync(method, path, "", headers);
}
