using System.Net;

namespace Tastemaker.Page.Tests;

public sealed class TryItTests(Browser browser, PageFixture fixture) : IClassFixture<PageFixture>
{
    private const int Pause = 1000; // ms; longer than the page waits before it searches

    [Fact]
    public async Task A_user_is_chosen_by_keyboard_alone()
    {
        await using var window = await browser.OpenAsync(fixture.Server);
        var field = window.Field("User");

        await field.FocusAsync();
        await window.Page.Keyboard.TypeAsync("u1");
        var options = window.Page.GetByRole(AriaRole.Listbox).GetByRole(AriaRole.Option);
        await Expect(options.First).ToHaveTextAsync("u1");
        await Expect(options.Filter(new() { HasNotTextString = "u1" })).ToHaveCountAsync(0); // those of "u" are gone
        await window.PressAsync("ArrowDown", "ArrowDown");

        await Expect(field).ToHaveAttributeAsync("aria-expanded", "true");
        var second = options.Nth(1);
        await Expect(second).ToHaveAttributeAsync("aria-selected", "true");
        (await field.GetAttributeAsync("aria-activedescendant")).ShouldBe(await second.GetAttributeAsync("id"));
        var user = await second.InnerTextAsync();
        await window.PressAsync("Enter");

        await Expect(field).ToHaveValueAsync(user);
        await Expect(field).ToHaveAttributeAsync("aria-expanded", "false");
        await Expect(window.Strategy).ToHaveAttributeAsync("data-strategy", "model");
        await Expect(window.Titles).ToHaveTextAsync(await TitlesAsync(fixture.Server, new { user, count = 10 }));
        await Expect(window.Page.Locator("#announcer")).ToContainTextAsync("10 items, answered by The model");
        window.Page.Url.ShouldContain($"user={user}");
    }

    [Fact]
    public async Task Features_are_reasons_where_the_system_reads_them()
    {
        var folder = Served.NewFolder();
        Films.Train(Path.Combine(folder, "model"), system: "fm");
        await using var server = await Served.StartAsync(folder: folder);
        await using var window = await browser.OpenAsync(server, "#user=u1");

        var reasons = window.List.First.Locator(".reasons li");
        await Expect(reasons.First).ToContainTextAsync(new System.Text.RegularExpressions.Regex("^(item|user): "));
        await Expect(reasons.First).ToHaveAttributeAsync("title", new System.Text.RegularExpressions.Regex("without this feature"));
    }

    [Fact]
    public async Task A_text_is_typed_and_its_words_are_reasons()
    {
        var folder = Served.NewFolder();
        Films.Train(Path.Combine(folder, "model"), system: "naive-bayes");
        await using var server = await Served.StartAsync(folder: folder);
        await using var window = await browser.OpenAsync(server);

        await window.Page.GetByText("A text", new() { Exact = true }).ClickAsync();
        await window.Page.GetByRole(AriaRole.Textbox, new() { Name = "Text" }).FillAsync("comedies make me laugh");

        await Expect(window.Strategy).ToHaveAttributeAsync("data-strategy", "content");
        await Expect(window.Titles).ToHaveTextAsync(await TitlesAsync(server, new { content = "comedies make me laugh", count = 10 }));
        await Expect(window.List.First.Locator(".reasons li").First).ToContainTextAsync("about: ");
        window.Page.Url.ShouldContain("content=comedies");
    }

    [Fact]
    public async Task Escape_closes_the_choices_and_then_empties_the_field()
    {
        await using var window = await browser.OpenAsync(fixture.Server);
        var field = window.Field("User");

        await field.ClickAsync();
        await Expect(field).ToHaveAttributeAsync("aria-expanded", "true");
        await window.Page.Keyboard.TypeAsync("u");
        await window.PressAsync("Escape");
        await Task.Delay(Pause); // the search for what was typed opens nothing
        (await field.GetAttributeAsync("aria-expanded")).ShouldBe("false");
        await window.PressAsync("Escape");

        await Expect(field).ToHaveValueAsync("");
    }

    [Fact]
    public async Task An_answer_that_comes_late_leaves_the_choice_as_it_is()
    {
        await using var window = await browser.OpenAsync(fixture.Server);
        var field = window.Field("User");
        var options = window.Page.GetByRole(AriaRole.Listbox).GetByRole(AriaRole.Option);
        await field.ClickAsync();
        await Expect(options.First).ToHaveTextAsync("u1");

        await window.Page.Keyboard.TypeAsync("u"); // whose answer is on its way while the first of all is marked
        await window.PressAsync("ArrowDown");
        await Task.Delay(Pause);

        await Expect(options.First).ToHaveAttributeAsync("aria-selected", "true");
        await window.Page.Keyboard.TypeAsync("5");
        await window.PressAsync("Enter"); // before its answer: what is typed counts, not what was marked
        await Expect(field).ToHaveValueAsync("u5");
    }

    [Fact]
    public async Task Someone_new_is_answered_by_popularity_and_the_page_says_what_that_means()
    {
        await using var window = await browser.OpenAsync(fixture.Server);

        await window.Field("User").FillAsync("nobody yet");
        await window.PressAsync("Enter");

        await Expect(window.Strategy).ToHaveAttributeAsync("data-strategy", "popularity");
        await window.Strategy.ClickAsync();
        await Expect(window.Page.GetByText("Nothing is known to go by")).ToBeVisibleAsync();
        await Expect(window.Page.Locator(".note").First).ToContainTextAsync("nobody yet");
    }

    [Fact]
    public async Task A_history_is_built_from_titles_and_gives_reasons()
    {
        await using var window = await browser.OpenAsync(fixture.Server);
        await window.Page.GetByText("A history", new() { Exact = true }).ClickAsync();
        foreach (var title in new[] { "Film 11", "Film 13", "Film 15" })
        {
            await window.Field("Add a title").FillAsync(title);
            await window.PressAsync("Enter");
            await Expect(window.Page.Locator($".history li:has-text('{title}')")).ToBeVisibleAsync();
        }

        await Expect(window.Strategy).ToHaveAttributeAsync("data-strategy", "fold-in");
        await Expect(window.Titles).ToHaveTextAsync(await TitlesAsync(fixture.Server, new { history = new[] { "f11", "f13", "f15" }, count = 10 }));
        var reasons = window.List.First.Locator(".reasons li");
        await Expect(reasons.First).ToContainTextAsync("Film 1");
        (await reasons.First.Locator(".bar").EvaluateAsync<double>("bar => Number(bar.style.getPropertyValue('--share'))")).ShouldBeInRange(0.01, 1);

        await window.Button("Move Film 15 up").ClickAsync();
        await Expect(window.Page.Locator(".history li > span:first-child")).ToHaveTextAsync(["Film 11", "Film 15", "Film 13"]);
        await Expect(window.Button("Move Film 15 up")).ToBeFocusedAsync();
        await window.Button("Remove Film 11").ClickAsync();
        await Expect(window.Page.Locator(".history li > span:first-child")).ToHaveTextAsync(["Film 15", "Film 13"]);
        await window.List.First.GetByRole(AriaRole.Button, new() { Name = "Add" }).ClickAsync();
        await Expect(window.Page.Locator(".history li")).ToHaveCountAsync(3);
    }

    [Fact]
    public async Task What_is_added_to_the_history_leaves_the_list()
    {
        await using var server = await Served.StartAsync();
        await using var window = await browser.OpenAsync(server, "#user=u1");
        var first = await window.Titles.First.InnerTextAsync();

        await window.Button($"Add {first} to the history of u1").ClickAsync();

        await Expect(window.Titles.First).Not.ToHaveTextAsync(first);
        await Expect(window.Titles.Filter(new() { HasTextString = first })).ToHaveCountAsync(0);
        await Expect(window.Page.Locator(".history li").First).ToHaveTextAsync(first);
        (await server.GetAsync("/v1/users/u1/history")).Ok().Json.GetProperty("items").EnumerateArray().Last().GetProperty("title").GetString().ShouldBe(first);
    }

    [Fact]
    public async Task The_next_page_goes_on_where_the_first_ends()
    {
        await using var window = await browser.OpenAsync(fixture.Server, "#user=u1&count=5");
        await Expect(window.List).ToHaveCountAsync(5);

        await window.Button("Next page").ClickAsync();

        await Expect(window.Titles).ToHaveTextAsync(await TitlesAsync(fixture.Server, new { user = "u1", count = 10 }));
        await Expect(window.List.Nth(5).GetByRole(AriaRole.Button).First).ToBeFocusedAsync();
    }

    [Fact]
    public async Task Filters_narrow_the_list_and_are_part_of_the_address()
    {
        await using var window = await browser.OpenAsync(fixture.Server, "#user=u1");
        await window.Page.GetByText("Only some genres").ClickAsync();
        await window.Page.Locator(".chip", new() { HasTextString = "Crime" }).ClickAsync();

        await Expect(window.Titles).ToHaveTextAsync(await TitlesAsync(fixture.Server, new { user = "u1", count = 10, where = new { genres = new[] { "Crime" } } }));
        window.Page.Url.ShouldContain("where.genres=Crime");

        await using var other = await browser.OpenAsync(fixture.Server, new Uri(window.Page.Url).Fragment);
        await Expect(other.Titles).ToHaveTextAsync([.. await window.Titles.AllInnerTextsAsync()]);
        await Expect(other.Page.GetByLabel("Crime")).ToBeCheckedAsync();
    }

    [Fact]
    public async Task Similar_items_open_below_an_item_and_can_begin_a_history()
    {
        await using var window = await browser.OpenAsync(fixture.Server, "#user=u1");
        await window.List.First.GetByRole(AriaRole.Button, new() { Name = "Similar to" }).ClickAsync();
        var similar = window.List.First.Locator(".similar li");
        await Expect(similar).ToHaveCountAsync(8);

        await similar.First.GetByRole(AriaRole.Button).ClickAsync();

        await Expect(window.Page.Locator(".history li")).ToHaveCountAsync(1);
        await Expect(window.Strategy).ToHaveAttributeAsync("data-strategy", "fold-in");
    }

    [Fact]
    public async Task Titles_and_identifiers_that_hold_HTML_stay_text()
    {
        const string Title = "<script>document.title = 'taken'</script><img src=x onerror=alert(1)> & \"quotes\"";
        await using var server = await Served.StartAsync();
        (await server.SendAsync(HttpMethod.Put, "/v1/items/f8", System.Text.Json.JsonSerializer.Serialize(new { title = Title, features = new { genres = new[] { "<b>Opera</b>" } } }))).Status.ShouldBe(HttpStatusCode.NoContent);
        await using var window = await browser.OpenAsync(server, "#item=f8&item=f10&seen=yes&count=50&user=%3Cb%3Ex");

        await Expect(window.Page.Locator(".history li > span:first-child").First).ToHaveTextAsync(Title);
        await Expect(window.Titles.Filter(new() { HasTextString = "<script>" })).ToHaveTextAsync([Title]);
        await window.Field("Add a title").FillAsync("<script");
        await Expect(window.Page.GetByRole(AriaRole.Option).First).ToHaveTextAsync(Title);
        await window.Page.GetByText("Only some genres").ClickAsync();
        await Expect(window.Page.Locator(".chip", new() { HasTextString = "<b>Opera</b>" })).ToBeVisibleAsync();
        (await window.Page.Locator("main script, main img, main b").CountAsync()).ShouldBe(0);
        (await window.Page.TitleAsync()).ShouldContain("Tastemaker");
    }

    [Fact]
    public async Task What_the_server_refuses_is_said_in_its_words()
    {
        await using var window = await browser.OpenAsync(fixture.Server, "#user=u1");
        await Expect(window.List).ToHaveCountAsync(10);
        window.Refusals = true;

        await window.GoToAsync("#user=u1&where.genre=Drama");

        await Expect(window.Page.Locator("#panel-try .problem")).ToContainTextAsync("no item has a feature 'genre'. Did you mean 'genres'?");
        await Expect(window.List).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task A_server_that_is_gone_is_missed_in_words()
    {
        var server = await Served.StartAsync();
        await using var window = await browser.OpenAsync(server, "#user=u1");
        await Expect(window.List).ToHaveCountAsync(10);
        window.Refusals = true;

        await server.DisposeAsync();
        await window.Page.GetByLabel("Items on a page").SelectOptionAsync("20");

        await Expect(window.Page.Locator("#panel-try .problem")).ToHaveTextAsync("The server does not answer. Is it still running?");
    }

    private static async Task<string[]> TitlesAsync(Served server, object request) =>
        [.. (await server.PostAsync("/v1/recommendations", request)).Ok().Json.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("title").GetString()!)];
}
