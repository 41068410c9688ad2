using System.Net;

namespace Tastemaker.Server.Tests;

/// <summary>Several models behind one address, the map of their items, and the list of users.</summary>
public sealed class CompareTests
{
    [Fact]
    public async Task Models_are_asked_by_name_and_share_events()
    {
        await using var server = await WithTwo();
        var names = (await server.GetAsync("/v1/models")).Ok().Json.GetProperty("models").EnumerateArray().Select(model => model.GetProperty("name").GetString()).ToArray();
        names.Length.ShouldBe(2);
        names[1].ShouldBe("other");

        var first = (await server.PostAsync("/v1/recommendations", new { user = "u1", count = 5 })).Ok();
        var second = (await server.PostAsync("/v1/recommendations", new { user = "u1", count = 5, model = "other" })).Ok();
        second["model"].ShouldNotBe(first["model"]);
        (await server.GetAsync("/v1/users/u1/recommendations?count=5&model=other")).Ok().Items.ShouldBe(second.Items);

        await server.PostAsync("/v1/interactions", new { user = "u1", item = second.Items[0] });
        (await server.PostAsync("/v1/recommendations", new { user = "u1", count = Films.Count, model = "other" })).Ok().Items.ShouldNotContain(second.Items[0]);
        (await server.PostAsync("/v1/recommendations", new { user = "u1", count = Films.Count })).Ok().Items.ShouldNotContain(second.Items[0]);
    }

    [Fact]
    public async Task Pages_belong_to_the_model_that_was_asked()
    {
        await using var server = await WithTwo();
        var page = (await server.PostAsync("/v1/recommendations", new { user = "u1", count = 4, model = "other" })).Ok();

        var next = (await server.PostAsync("/v1/recommendations", new { user = "u1", count = 4, model = "other", cursor = page["next"] })).Ok();
        next.Items.Intersect(page.Items).ShouldBeEmpty();
        (await server.PostAsync("/v1/recommendations", new { user = "u1", count = 4, cursor = page["next"] })).Problem(HttpStatusCode.BadRequest).ShouldContain("another model");
    }

    [Fact]
    public async Task Each_model_is_reloaded_by_its_name()
    {
        await using var server = await WithTwo();
        var before = Versions(await server.GetAsync("/v1/models"));
        Films.Train(Path.Combine(server.Folder, "other"), seed: 7);

        (await server.PostAsync("/v1/model/reload?model=other", new { })).Ok()["name"].ShouldBe("other");

        var after = Versions(await server.GetAsync("/v1/models"));
        after[0].ShouldBe(before[0]);
        after[1].ShouldNotBe(before[1]);
    }

    [Theory]
    [InlineData("/v1/users/u1/recommendations?model=othre")]
    [InlineData("/v1/items/f1/similar?model=othre")]
    [InlineData("/v1/map?model=othre")]
    public async Task A_name_that_is_not_known_is_a_problem_that_names_the_nearest(string path)
    {
        await using var server = await WithTwo();

        (await server.GetAsync(path)).Problem(HttpStatusCode.BadRequest).ShouldContain("Did you mean 'other'?");
    }

    [Fact]
    public async Task The_map_holds_every_item_with_tastes_apart()
    {
        await using var server = await Served.StartAsync();

        var map = (await server.GetAsync("/v1/map")).Ok();

        var points = map.Json.GetProperty("points").EnumerateArray().Select(point => (Id: point.GetProperty("item").GetString()!, X: point.GetProperty("x").GetDouble(), Y: point.GetProperty("y").GetDouble())).ToArray();
        points.Length.ShouldBe(Films.Count);
        points.ShouldAllBe(point => Math.Abs(point.X) <= 1 && Math.Abs(point.Y) <= 1);
        map["groupedBy"].ShouldBe("genres");
        var numbers = Enumerable.Range(1, Films.Count).ToDictionary(Films.Item);
        foreach (var point in points)
        {
            var nearest = points.Where(other => other.Id != point.Id).MinBy(other => Math.Pow(point.X - other.X, 2) + Math.Pow(point.Y - other.Y, 2));
            (numbers[nearest.Id] % 2).ShouldBe(numbers[point.Id] % 2);
        }
    }

    [Fact]
    public async Task Users_are_found_by_a_part_of_their_name_page_by_page_and_new_ones_too()
    {
        await using var server = await Served.StartAsync();
        await server.PostAsync("/v1/interactions", new { user = "newcomer 1", item = "f1" });

        var page = (await server.GetAsync("/v1/users?search=U1&count=6")).Ok();
        Users(page).ShouldBe(["u1", "u10", "u11", "u12", "u13", "u14"]);
        Users((await server.GetAsync($"/v1/users?search=U1&count=6&cursor={page["next"]}")).Ok())[0].ShouldBe("u15");
        Users((await server.GetAsync("/v1/users?search=newc")).Ok()).ShouldBe(["newcomer 1"]);
        Users((await server.GetAsync("/v1/users?count=100")).Ok()).Length.ShouldBe(Films.Users + 1);
        (await server.GetAsync("/v1/users?count=0")).Problem(HttpStatusCode.BadRequest).ShouldContain("count");
    }

    private static string[] Users(Reply reply) => [.. reply.Json.GetProperty("users").EnumerateArray().Select(user => user.GetString()!)];

    private static string[] Versions(Reply reply) => [.. reply.Json.GetProperty("models").EnumerateArray().Select(model => model.GetProperty("version").GetString()!)];

    private static async Task<Served> WithTwo()
    {
        var folder = Served.NewFolder();
        Films.Train(Path.Combine(folder, "other"), seed: 5);
        return await Served.StartAsync(options => options with { CompareWith = [Path.Combine(folder, "other")] }, folder);
    }
}
