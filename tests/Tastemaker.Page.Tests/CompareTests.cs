namespace Tastemaker.Page.Tests;

public sealed class CompareTests(Browser browser, PageFixture fixture) : IClassFixture<PageFixture>
{
    [Fact]
    public async Task Two_models_answer_side_by_side_and_their_overlap_is_stated()
    {
        var left = await ItemsAsync(fixture.Models[0]);
        var right = await ItemsAsync(fixture.Models[1]);
        var both = left.Intersect(right).Count();
        await using var window = await browser.OpenAsync(fixture.Server, "#tab=compare&user=u7");

        await Expect(window.Page.Locator("#overlap")).ToHaveTextAsync($"{both} of 10 items are in both lists: overlap at 10 is {10 * both} %");

        var sides = window.Page.Locator(".side");
        await Expect(sides).ToHaveCountAsync(2);
        (await IdsAsync(sides.Nth(0))).ShouldBe(left);
        (await IdsAsync(sides.Nth(1))).ShouldBe(right);
        await Expect(window.Page.Locator(".links path")).ToHaveCountAsync(both);
        await Expect(sides.Nth(0).Locator(".alone")).ToHaveCountAsync(10 - both);
        for (var place = 0; place < left.Length; place++)
        {
            var elsewhere = Array.IndexOf(right, left[place]);
            await Expect(sides.Nth(0).Locator("li").Nth(place).Locator(".change")).ToHaveTextAsync(
                elsewhere < 0 ? "only here" : elsewhere == place ? "=" : $"{(place > elsewhere ? "▼" : "▲")} {Math.Abs(place - elsewhere)}");
        }
    }

    [Fact]
    public async Task Sides_can_be_swapped_and_the_address_says_so()
    {
        await using var window = await browser.OpenAsync(fixture.Server, "#tab=compare&user=u7");
        await Expect(window.Page.Locator(".side").First).ToHaveAttributeAsync("aria-label", fixture.Models[0]);

        await window.Page.GetByRole(AriaRole.Button, new() { Name = "Swap" }).ClickAsync();

        await Expect(window.Page.Locator(".side").First).ToHaveAttributeAsync("aria-label", fixture.Models[1]);
        window.Page.Url.ShouldContain($"model={fixture.Models[1]}&other={fixture.Models[0]}");
    }

    [Fact]
    public async Task A_server_with_one_model_says_how_to_have_two()
    {
        await using var server = await Served.StartAsync();
        await using var window = await browser.OpenAsync(server, "#tab=compare&user=u7");

        await Expect(window.Page.Locator("#panel-compare")).ToContainTextAsync("--compare");
        await Expect(window.Page.Locator(".side")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Agreement_is_counted_at_each_depth()
    {
        await using var window = await browser.OpenAsync(fixture.Server);

        // abcd and badf: no first item is shared, both of the first two, three of four.
        (await window.Page.EvaluateAsync<string>("import('/page/overlap.js').then(m => JSON.stringify(m.agreement([...'abcd'], [...'badf'], [1, 2, 9])))"))
            .ShouldBe("""[{"depth":1,"both":0},{"depth":2,"both":2},{"depth":4,"both":3}]""");
    }

    private async Task<string[]> ItemsAsync(string model) => (await fixture.Server.PostAsync("/v1/recommendations", new { user = "u7", model })).Ok().Items;

    private static async Task<string[]> IdsAsync(ILocator side) => [.. await side.Locator("li").EvaluateAllAsync<string[]>("rows => rows.map(row => row.dataset.item)")];
}
