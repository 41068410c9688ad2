namespace Tastemaker.Server.Tests;

public sealed class RecommendationTests(ServedFixture fixture) : IClassFixture<ServedFixture>
{
    private readonly Served server = fixture.Server;

    private static int Number(string item) => Enumerable.Range(1, Films.Count).Single(number => Films.Item(number) == item);

    [Fact]
    public async Task A_user_gets_items_of_its_taste_with_titles_strategy_and_model()
    {
        var answer = (await server.GetAsync("/v1/users/u5/recommendations?count=4")).Ok();

        answer.Items.Length.ShouldBe(4);
        answer.Items.ShouldAllBe(item => Number(item) % 2 == 1);
        answer["strategy"].ShouldBe("model");
        answer["model"].ShouldBe((await server.GetAsync("/v1/model"))["version"]);
        answer.Json.GetProperty("items")[0].GetProperty("title").GetString().ShouldStartWith("Film ");
    }

    [Fact]
    public async Task A_history_is_answered_by_fold_in_and_explained()
    {
        var answer = (await server.PostAsync("/v1/recommendations", new { history = new[] { "f1", "f3", "f5" }, count = 3, explain = true })).Ok();

        answer["strategy"].ShouldBe("fold-in");
        answer.Items.ShouldAllBe(item => Number(item) % 2 == 1 && Number(item) > 5);
        answer.Json.GetProperty("items")[0].GetProperty("because").GetArrayLength().ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task Excluded_items_stay_away_and_candidates_are_all_there_is()
    {
        var answer = (await server.PostAsync("/v1/recommendations", new { history = new[] { "f1" }, candidates = new[] { "f3", "f5", "f6", "f7" }, exclude = new[] { "f5" } })).Ok();

        answer.Items.ShouldBe(["f3", "f7", "f6"], ignoreOrder: true);
    }

    [Fact]
    public async Task Seen_items_return_where_asked_for()
    {
        (await server.PostAsync("/v1/recommendations", new { history = new[] { "f1", "f3" }, count = 40 })).Ok().Items.Length.ShouldBe(Films.Count - 2);
        (await server.PostAsync("/v1/recommendations", new { history = new[] { "f1", "f3" }, count = 40, includeSeen = true })).Ok().Items.Length.ShouldBe(Films.Count);
    }

    [Fact]
    public async Task A_filter_by_features_keeps_what_has_them_all()
    {
        var comedies = (await server.PostAsync("/v1/recommendations", new { user = "u1", count = 40, where = new { genres = new[] { "comedy" } } })).Ok();
        comedies.Items.ShouldAllBe(item => Number(item) % 2 == 0);
        comedies.Items.Length.ShouldBe(Films.Count / 2);

        var either = (await server.PostAsync("/v1/recommendations", new { history = new[] { "f1" }, count = 40, where = new { genres = new[] { "Comedy", "Crime" } } })).Ok();
        either.Items.ShouldAllBe(item => Number(item) % 2 == 0 || Number(item) % 3 == 0);
    }

    [Fact]
    public async Task A_filter_by_a_feature_that_no_item_has_names_those_there_are()
    {
        var answer = await server.PostAsync("/v1/recommendations", new { user = "u1", where = new Dictionary<string, string[]> { ["genre"] = ["Comedy"], ["1=1; DROP TABLE"] = ["x"] } });

        var problem = answer.Problem(System.Net.HttpStatusCode.BadRequest);
        problem.ShouldContain("Did you mean 'genres'");
        problem.ShouldContain("DROP TABLE");
    }

    [Fact]
    public async Task A_category_that_no_item_has_leaves_an_empty_list_with_a_word_why()
    {
        var answer = (await server.PostAsync("/v1/recommendations", new { user = "u1", where = new { genres = new[] { "Comdy' OR '1'='1" } } })).Ok();

        answer.Items.ShouldBeEmpty();
        answer["notes"].ShouldContain("no item has genres");
    }

    [Fact]
    public async Task Pages_join_to_the_whole_list()
    {
        var whole = (await server.PostAsync("/v1/recommendations", new { user = "u3", count = 40 })).Ok().Items;
        var pages = new List<string>();
        string? cursor = null;
        do
        {
            var page = (await server.PostAsync("/v1/recommendations", new { user = "u3", count = 7, cursor })).Ok();
            pages.AddRange(page.Items);
            cursor = page.Json.TryGetProperty("next", out var next) ? next.GetString() : null;
        }
        while (cursor is not null);

        pages.ShouldBe(whole);
    }

    [Fact]
    public async Task A_cursor_of_another_query_or_none_of_ours_is_refused()
    {
        var next = (await server.PostAsync("/v1/recommendations", new { user = "u3" })).Ok()["next"];

        (await server.PostAsync("/v1/recommendations", new { user = "u4", cursor = next })).Problem(System.Net.HttpStatusCode.BadRequest).ShouldContain("another query");
        (await server.PostAsync("/v1/recommendations", new { user = "u3", cursor = "../../etc/passwd" })).Problem(System.Net.HttpStatusCode.BadRequest).ShouldContain("no cursor");
    }

    [Fact]
    public async Task A_batch_gives_what_single_requests_give()
    {
        var alone = (await server.PostAsync("/v1/recommendations", new { user = "u7" })).Ok();
        var batch = (await server.PostAsync("/v1/recommendations/batch", new { requests = new object[] { new { history = new[] { "f2" } }, new { user = "u7" } } })).Ok();

        batch.Json.GetProperty("answers").GetArrayLength().ShouldBe(2);
        batch.Json.GetProperty("answers")[1].GetRawText().ShouldBe(alone.Text);
    }

    [Fact]
    public async Task Similar_items_are_of_the_same_taste_and_an_unknown_item_is_not_found()
    {
        (await server.GetAsync("/v1/items/f9/similar?count=3")).Ok().Items.ShouldAllBe(item => item != "f9" && Number(item) % 2 == 1);
        (await server.GetAsync("/v1/items/nothing/similar")).Problem(System.Net.HttpStatusCode.NotFound).ShouldContain("'nothing'");
    }

    [Fact]
    public async Task Identifiers_may_be_anything()
    {
        (await server.GetAsync($"/v1/users/{Uri.EscapeDataString(Films.User(2))}/recommendations")).Ok()["strategy"].ShouldBe("model");
        (await server.GetAsync($"/v1/items/{Uri.EscapeDataString(Films.Item(2))}/similar")).Ok();
        (await server.GetAsync($"/v1/items/{Uri.EscapeDataString(Films.Item(4))}")).Ok()["title"].ShouldBe("Film 4");
        (await server.PostAsync("/v1/recommendations", new { history = new[] { Films.Item(2), Films.Item(4) } })).Ok()["strategy"].ShouldBe("fold-in");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(1001)]
    public async Task A_count_out_of_range_is_refused(int count) =>
        (await server.PostAsync("/v1/recommendations", new { user = "u1", count })).Problem(System.Net.HttpStatusCode.BadRequest).ShouldContain("1 to 1000");

    [Fact]
    public async Task More_than_the_catalog_gives_all_that_remain() =>
        (await server.PostAsync("/v1/recommendations", new { history = new[] { "f1" }, count = 1000 })).Ok().Items.Length.ShouldBe(Films.Count - 1);

    [Fact]
    public async Task A_history_of_ten_thousand_items_is_answered_and_a_longer_one_refused()
    {
        string[] history = [.. Enumerable.Range(0, 10_000).Select(place => place % 2 == 0 ? $"f{1 + (place % 3 * 2)}" : $"gone{place}")];

        var answer = (await server.PostAsync("/v1/recommendations", new { history })).Ok();
        answer.Items.Length.ShouldBe(10);
        answer["notes"].ShouldContain("and 4995 more");
        (await server.PostAsync("/v1/recommendations", new { history = history.Append("f1") })).Problem(System.Net.HttpStatusCode.BadRequest).ShouldContain("10000 are the most");
    }

    [Fact]
    public async Task An_unknown_user_is_answered_by_popularity_and_an_empty_request_is_refused()
    {
        (await server.GetAsync("/v1/users/nobody/recommendations")).Ok()["strategy"].ShouldBe("popularity");
        (await server.PostAsync("/v1/recommendations", new { })).Problem(System.Net.HttpStatusCode.BadRequest).ShouldContain("empty");
    }

    [Fact]
    public async Task The_catalog_is_searched_by_title_page_by_page()
    {
        var first = (await server.GetAsync("/v1/items?search=film%201&count=6")).Ok();
        var second = (await server.GetAsync($"/v1/items?search=film%201&count=6&cursor={first["next"]}")).Ok();

        first.Items.Concat(second.Items).ShouldBe(["f1", "f10", "f11", "f12", "f13", "f14", "f15", "f16", "f17", "f18", "f19"]);
        second.Json.TryGetProperty("next", out _).ShouldBeFalse();
    }
}
