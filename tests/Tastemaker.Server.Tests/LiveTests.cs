using System.Net;
using Tastemaker.Serving.Events;

namespace Tastemaker.Server.Tests;

public sealed class LiveTests
{
    [Fact]
    public async Task What_a_user_took_leaves_the_next_list()
    {
        await using var server = await Served.StartAsync();
        var first = (await server.GetAsync("/v1/users/u1/recommendations")).Ok().Items[0];

        (await server.PostAsync("/v1/interactions", new { user = "u1", item = first })).Ok()["count"].ShouldBe("1");

        (await server.GetAsync("/v1/users/u1/recommendations?count=40")).Ok().Items.ShouldNotContain(first);
        (await server.GetAsync("/v1/users/u1/history")).Ok().Items[^1].ShouldBe(first);
    }

    [Fact]
    public async Task A_stranger_with_one_event_is_folded_in()
    {
        await using var server = await Served.StartAsync();
        (await server.GetAsync("/v1/users/new/recommendations")).Ok()["strategy"].ShouldBe("popularity");

        (await server.PostAsync("/v1/interactions", new[] { new { user = "new", item = "f6", time = "2026-01-02T03:04:05Z" } })).Ok();

        var answer = (await server.GetAsync("/v1/users/new/recommendations?count=5")).Ok();
        answer["strategy"].ShouldBe("fold-in");
        answer.Items.ShouldAllBe(item => item == Films.Item(2) || item == Films.Item(4) || int.Parse(item.Substring(1)) % 2 == 0);
    }

    [Fact]
    public async Task A_repeated_call_stores_nothing_twice()
    {
        await using var server = await Served.StartAsync();
        const string Body = """[{"user": "u1", "item": "f2"}, {"user": "u1", "item": "f2"}]""";
        var before = (await server.GetAsync("/v1/users/u1/history")).Ok().Items.Length;

        var first = (await server.SendAsync(HttpMethod.Post, "/v1/interactions", Body, ("Idempotency-Key", "call-1"))).Ok();
        var again = (await server.SendAsync(HttpMethod.Post, "/v1/interactions", Body, ("Idempotency-Key", "call-1"))).Ok();

        (first["repeated"], again["repeated"]).ShouldBe(("False", "True"));
        again["last"].ShouldBe(first["last"]);
        (await server.GetAsync("/v1/users/u1/history")).Ok().Items.Length.ShouldBe(before + 2);
    }

    [Theory]
    [InlineData("\"2024-05-06T12:00:00Z\"")]
    [InlineData("\"2024-05-06T12:00:00\"")]
    [InlineData("\"2024-05-06 12:00:00\"")]
    [InlineData("\"2024-05-06T14:00:00+02:00\"")]
    [InlineData("\"1714996800\"")]
    [InlineData("1714996800")]
    [InlineData("1714996800.0")]
    [InlineData("1714996800000")]
    public async Task Times_are_read_as_in_files(string time)
    {
        await using var store = new MemoryEventStore();
        await using var server = await Served.StartAsync(options => options with { Serving = serving => serving.MakeStore = _ => store });

        (await server.SendAsync(HttpMethod.Post, "/v1/interactions", $"{{\"user\": \"u1\", \"item\": \"f1\", \"time\": {time}}}")).Ok();

        (await store.ReadAsync(0, TestContext.Current.CancellationToken).SingleAsync(TestContext.Current.CancellationToken)).Time.ShouldBe(new DateTimeOffset(2024, 5, 6, 12, 0, 0, TimeSpan.Zero));
    }

    [Theory]
    [InlineData("\"yesterday\"")]
    [InlineData("true")]
    [InlineData("1e300")]
    [InlineData("{}")]
    public async Task What_is_no_time_is_refused_with_those_that_are(string time)
    {
        await using var server = await Served.StartAsync();

        (await server.SendAsync(HttpMethod.Post, "/v1/interactions", $"[{{\"user\": \"u1\", \"item\": \"f1\", \"time\": {time}}}]")).Problem(HttpStatusCode.BadRequest).ShouldContain("2024-05-06");
    }

    [Fact]
    public async Task New_titles_and_features_of_items_count_at_once()
    {
        await using var server = await Served.StartAsync();
        (await FeaturesAsync(server)).ShouldBe(["genres: Comedy 20, Drama 20, Crime 13"]);
        (await server.SendAsync(HttpMethod.Put, "/v1/items/f8", """{"title": "The Eighth", "features": {"genres": ["Opera"]}}""")).Status.ShouldBe(HttpStatusCode.NoContent);
        (await server.SendAsync(HttpMethod.Put, "/v1/items/new%2F1", """{"title": "A Newcomer", "features": {"genres": ["Opera"], "studio": ["Ours"]}}""")).Status.ShouldBe(HttpStatusCode.NoContent);
        (await server.SendAsync(HttpMethod.Put, "/v1/users/u1", """{"features": {"age": ["25"]}}""")).Status.ShouldBe(HttpStatusCode.NoContent);

        var operas = (await server.PostAsync("/v1/recommendations", new { history = new[] { "f1" }, where = new { genres = new[] { "Opera" } } })).Ok();
        operas.Items.ShouldBe(["f8"]); // the newcomer waits for the next model
        operas.Json.GetProperty("items")[0].GetProperty("title").GetString().ShouldBe("The Eighth");
        (await server.PostAsync("/v1/recommendations", new { history = new[] { "f1" }, count = 40, where = new { genres = new[] { "Comedy" } } })).Ok().Items.ShouldNotContain("f8");
        (await FeaturesAsync(server)).ShouldBe(["genres: Drama 20, Comedy 19, Crime 13, Opera 2", "studio: Ours 1"]);
        (await server.GetAsync("/v1/items?search=newcomer")).Ok().Items.ShouldBe(["new/1"]);
        (await server.GetAsync("/v1/items/new%2F1")).Ok()["inModel"].ShouldBe("False");
        (await server.GetAsync("/v1/items/new%2F1/similar")).Problem(HttpStatusCode.NotFound).ShouldContain("after training");
        (await server.SendAsync(HttpMethod.Put, "/v1/items/f8", """{"features": {"genres": ["a|b"]}}""")).Problem(HttpStatusCode.BadRequest).ShouldContain("a list");
    }

    private static async Task<string[]> FeaturesAsync(Served server) => [.. (await server.GetAsync("/v1/features")).Ok().Json.GetProperty("features").EnumerateArray().Select(feature =>
        $"{feature.GetProperty("name")}: {string.Join(", ", feature.GetProperty("categories").EnumerateArray().Select(category => $"{category.GetProperty("name")} {category.GetProperty("items")}"))}")];
}
