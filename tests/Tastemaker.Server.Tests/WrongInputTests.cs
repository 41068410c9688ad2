using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Tastemaker.Server.Tests;

public sealed class WrongInputTests(ServedFixture fixture) : IClassFixture<ServedFixture>
{
    private readonly Served server = fixture.Server;

    [Theory]
    [InlineData("{\"user\": ", "JSON")]
    [InlineData("[]", "JSON")]
    [InlineData("", "JSON")]
    [InlineData("{\"user\": 5}", "$.user")]
    [InlineData("{\"usr\": \"u1\"}", "no property 'usr'")]
    [InlineData("{\"user\": \"u1\", \"count\": \"ten\"}", "$.count")]
    [InlineData("{\"user\": \"u1\", \"where\": {\"genres\": \"Comedy\"}}", "$.where.genres")]
    [InlineData("{\"history\": [null]}", "null is not an identifier")]
    [InlineData("{\"user\": \"u1\", \"diversity\": 2}", "0 to 1")]
    public async Task A_body_that_is_not_what_is_expected_is_refused_with_the_place(string body, string hint) =>
        (await server.SendAsync(HttpMethod.Post, "/v1/recommendations", body)).Problem(HttpStatusCode.BadRequest).ShouldContain(hint);

    [Fact]
    public async Task A_parameter_of_the_wrong_kind_is_refused_by_name() =>
        (await server.GetAsync("/v1/users/u1/recommendations?count=ten")).Problem(HttpStatusCode.BadRequest).ShouldContain("count: 'ten'");

    [Fact]
    public async Task A_huge_body_is_refused() =>
        (await server.SendAsync(HttpMethod.Post, "/v1/recommendations", $"{{\"user\": \"{new string('x', 2 << 20)}\"}}")).Problem(HttpStatusCode.RequestEntityTooLarge).ShouldContain("1048576 bytes");

    [Fact]
    public async Task Deep_nesting_is_refused() =>
        (await server.SendAsync(HttpMethod.Post, "/v1/recommendations", new string('[', 10_000))).Problem(HttpStatusCode.BadRequest);

    [Fact]
    public async Task Long_identifiers_are_refused_all_at_once()
    {
        var longest = new string('x', 513);
        var problem = (await server.PostAsync("/v1/recommendations", new { user = longest, exclude = new[] { longest } })).Problem(HttpStatusCode.BadRequest);

        problem.ShouldContain("user:");
        problem.ShouldContain("exclude:");
    }

    [Fact]
    public async Task Wrong_interactions_are_refused_all_at_once_and_none_is_stored()
    {
        var problem = (await server.SendAsync(HttpMethod.Post, "/v1/interactions", """[{"user": "x1", "item": "f1"}, {"user": "x1"}, {"item": "f1"}]""")).Problem(HttpStatusCode.BadRequest);

        problem.ShouldContain("Interaction 2 of 3");
        problem.ShouldContain("Interaction 3 of 3");
        (await server.GetAsync("/v1/users/x1/history")).Ok().Items.ShouldBeEmpty();
    }

    [Fact]
    public async Task An_interaction_dated_far_ahead_is_refused_with_the_remedy()
    {
        var problem = (await server.PostAsync("/v1/interactions", new { user = "x2", item = "f1", time = "2999-01-01" })).Problem(HttpStatusCode.BadRequest);

        problem.ShouldContain("'x2' with 'f1': its time, 2999-01-01 00:00:00 UTC, lies more than a day in the future");
        problem.ShouldContain("leave the time out");
        (await server.GetAsync("/v1/users/x2/history")).Ok().Items.ShouldBeEmpty();
    }

    [Fact]
    public async Task Batches_have_a_size() =>
        (await server.PostAsync("/v1/recommendations/batch", new { requests = Enumerable.Repeat(new { user = "u1" }, 257) })).Problem(HttpStatusCode.BadRequest).ShouldContain("256");

    [Fact]
    public async Task Unknown_paths_methods_and_media_types_get_problems_too()
    {
        (await server.GetAsync("/v2/recommendations")).Problem(HttpStatusCode.NotFound);
        (await server.GetAsync("/v1/interactions")).Problem(HttpStatusCode.MethodNotAllowed);
        using var text = new StringContent("user=u1", Encoding.UTF8, "text/plain");
        (await Reply.OfAsync(await server.Client.PostAsync(new Uri("/v1/recommendations", UriKind.Relative), text))).Problem(HttpStatusCode.UnsupportedMediaType);
    }

    [Theory]
    [InlineData("{\"features\": {\"a\": null}}", "features.a: null is not a list")]
    [InlineData("{\"user\": \"u1\", \"where\": {\"a\": null}}", "where.a: null is not a list")]
    [InlineData("{\"features\": {\"a\": [null]}}", "null is not an identifier")]
    [InlineData("{\"user\": \"a\\u0000b\"}", "U+0000")]
    public async Task Nulls_inside_are_refused_by_place(string body, string hint) =>
        (await server.SendAsync(HttpMethod.Post, "/v1/recommendations", body)).Problem(HttpStatusCode.BadRequest).ShouldContain(hint);

    [Fact]
    public async Task A_wrong_request_of_a_batch_has_a_problem_in_its_place_and_the_others_are_answered()
    {
        var alone = (await server.PostAsync("/v1/recommendations", new { user = "u7" })).Ok();

        var answers = (await server.SendAsync(
            HttpMethod.Post, "/v1/recommendations/batch", """{"requests": [{"features": {"a": null}}, {"user": "u7"}, null, {"user": "u1", "count": 0}, {"user": "u1", "model": "none"}]}"""))
            .Ok().Json.GetProperty("answers");

        answers.GetArrayLength().ShouldBe(5);
        answers[1].GetRawText().ShouldBe(alone.Text);
        foreach (var place in (int[])[0, 2, 3, 4])
        {
            answers[place].GetProperty("problem").GetProperty("status").GetInt32().ShouldBe(400);
            answers[place].TryGetProperty("items", out _).ShouldBeFalse();
        }

        answers[4].GetProperty("problem").GetProperty("detail").GetString()!.ShouldContain("no model 'none'");
    }

    [Theory]
    [InlineData("gzip", HttpStatusCode.UnsupportedMediaType)]
    [InlineData("br", HttpStatusCode.UnsupportedMediaType)]
    [InlineData("identity", HttpStatusCode.OK)]
    public async Task Compressed_bodies_are_refused_as_what_they_are(string encoding, HttpStatusCode status)
    {
        using var body = new ByteArrayContent(Encoding.UTF8.GetBytes("{\"user\": \"u1\"}"));
        body.Headers.TryAddWithoutValidation("Content-Type", "application/json");
        body.Headers.TryAddWithoutValidation("Content-Encoding", encoding);

        var reply = await Reply.OfAsync(await server.Client.PostAsync(new Uri("/v1/recommendations", UriKind.Relative), body));

        if (status == HttpStatusCode.OK)
        {
            reply.Ok();
        }
        else
        {
            reply.Problem(status).ShouldContain($"The content encoding '{encoding}' is not supported");
        }
    }

    [Theory]
    [InlineData("application/json; charset=bogus", HttpStatusCode.UnsupportedMediaType)]
    [InlineData("application/json; charset=utf-7", HttpStatusCode.UnsupportedMediaType)]
    [InlineData("application/json; charset=\"UTF-8\"", HttpStatusCode.OK)]
    [InlineData("application/json; charset=utf-8", HttpStatusCode.OK)]
    public async Task Bodies_are_read_in_encodings_that_are_known(string type, HttpStatusCode status)
    {
        using var body = new ByteArrayContent(Encoding.UTF8.GetBytes("{\"user\": \"u1\"}"));
        body.Headers.TryAddWithoutValidation("Content-Type", type);

        var reply = await Reply.OfAsync(await server.Client.PostAsync(new Uri("/v1/recommendations", UriKind.Relative), body));

        if (status == HttpStatusCode.OK)
        {
            reply.Ok();
        }
        else
        {
            reply.Problem(status).ShouldContain("is not known");
        }
    }

    [Theory]
    [InlineData("/v1/users/u1/recommendations?cuont=3", "'cuont' here. Did you mean 'count'?")]
    [InlineData("/v1/items?serch=a", "Did you mean 'search'?")]
    [InlineData("/v1/users/u1/history?user=u2", "no query parameter 'user'")]
    [InlineData("/v1/model?x=1", "There are none")]
    [InlineData("/v1/history", "user: it is missing")]
    [InlineData("/v1/history?user=a%00b", "U+0000")]
    public async Task Query_parameters_that_are_not_known_are_refused_with_the_nearest(string path, string hint) =>
        (await server.GetAsync(path)).Problem(HttpStatusCode.BadRequest).ShouldContain(hint);

    [Fact]
    public async Task A_slow_client_holds_up_nobody()
    {
        const string Body = "{\"user\": \"u1\", \"count\": 3}";
        using var slow = new TcpClient();
        await slow.ConnectAsync(server.Client.BaseAddress!.Host, server.Client.BaseAddress.Port);
        await using var stream = slow.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"POST /v1/recommendations HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: {Body.Length}\r\n\r\n{Body[..10]}"));

        for (var other = 0; other < 20; other++)
        {
            (await server.GetAsync("/v1/users/u2/recommendations")).Ok();
        }

        await stream.WriteAsync(Encoding.ASCII.GetBytes(Body[10..]));
        using var reader = new StreamReader(stream);
        (await reader.ReadToEndAsync()).ShouldStartWith("HTTP/1.1 200");
    }

    [Fact]
    public async Task Who_goes_away_is_not_waited_for()
    {
        using var gone = new CancellationTokenSource();
        var left = server.Client.GetAsync(new Uri("/v1/users/u1/recommendations", UriKind.Relative), gone.Token);
        await gone.CancelAsync();
        try
        {
            await left;
        }
        catch (OperationCanceledException)
        {
        }

        (await server.GetAsync("/v1/users/u1/recommendations")).Ok();
    }
}
