using System.Net;

namespace Tastemaker.Page.Tests;

public sealed class FileTests(PageFixture fixture) : IClassFixture<PageFixture>
{
    private readonly HttpClient client = fixture.Server.Client;

    [Theory]
    [InlineData("/", "text/html; charset=utf-8")]
    [InlineData("/page/style.css", "text/css; charset=utf-8")]
    [InlineData("/page/map/map.js", "text/javascript; charset=utf-8")]
    [InlineData("/page/icon.svg", "image/svg+xml")]
    public async Task Files_have_their_type_a_tag_and_a_policy_that_lets_nothing_else_in(string path, string type)
    {
        using var first = await client.GetAsync(new Uri(path, UriKind.Relative));
        using var again = new HttpRequestMessage(HttpMethod.Get, new Uri(path, UriKind.Relative));
        again.Headers.IfNoneMatch.Add(first.Headers.ETag!);
        using var second = await client.SendAsync(again);

        first.Content.Headers.ContentType!.ToString().ShouldBe(type);
        first.Headers.CacheControl!.NoCache.ShouldBeTrue();
        var policy = first.Headers.GetValues("Content-Security-Policy").Single();
        policy.ShouldStartWith("default-src 'self'");
        policy.ShouldNotContain("unsafe");
        first.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
        second.StatusCode.ShouldBe(HttpStatusCode.NotModified);
        (await second.Content.ReadAsByteArrayAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_only_looks_asks_for_the_head_alone()
    {
        using var head = new HttpRequestMessage(HttpMethod.Head, new Uri("/", UriKind.Relative));
        using var reply = await client.SendAsync(head);

        reply.StatusCode.ShouldBe(HttpStatusCode.OK);
        reply.Content.Headers.ContentLength!.Value.ShouldBeGreaterThan(1000);
    }

    [Fact]
    public async Task There_are_no_other_files() => (await fixture.Server.GetAsync("/page/none.js")).Problem(HttpStatusCode.NotFound).ShouldContain("/page/none.js");

    [Fact]
    public async Task The_reference_keeps_its_own_scripts()
    {
        using var reply = await client.GetAsync(new Uri("/reference", UriKind.Relative));

        reply.IsSuccessStatusCode.ShouldBeTrue();
        reply.Headers.Contains("Content-Security-Policy").ShouldBeFalse();
    }
}
