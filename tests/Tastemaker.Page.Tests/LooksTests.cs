namespace Tastemaker.Page.Tests;

public sealed class LooksTests(Browser browser, PageFixture fixture) : IClassFixture<PageFixture>
{
    private static readonly string[] Views = ["#tab=try&user=u1", "#tab=try&item=f1&item=f3&where.genres=Crime", "#tab=compare&user=u1", "#tab=map&user=u1", "#tab=live"];

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task All_text_stands_out_from_its_background(ColorScheme scheme)
    {
        await using var window = await browser.OpenAsync(fixture.Server, "", new() { ColorScheme = scheme });
        foreach (var view in Views)
        {
            await ShowAsync(window, view);

            // Every text that is seen, its color against the first background behind it; large text needs 3 to 1, other text 4.5 to 1 (WCAG 2, 1.4.3).
            (await window.Page.EvaluateAsync<string[]>("""
                () => {
                  const context = Object.assign(document.createElement('canvas'), { width: 1, height: 1 }).getContext('2d', { willReadFrequently: true });
                  const rgba = (color) => {
                    context.clearRect(0, 0, 1, 1);
                    context.fillStyle = color;
                    context.fillRect(0, 0, 1, 1);
                    return [...context.getImageData(0, 0, 1, 1).data];
                  };
                  const light = (color) => rgba(color).slice(0, 3).map(c => c / 255).map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4).reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
                  const behind = (node) => node === null ? 'white' : rgba(getComputedStyle(node).backgroundColor)[3] > 250 ? getComputedStyle(node).backgroundColor : behind(node.parentElement);
                  const texts = [...document.querySelectorAll('body *')].filter(node => node.checkVisibility() && !node.closest('[disabled], .unseen, svg')
                    && [...node.childNodes].some(child => child.nodeType === Node.TEXT_NODE && child.textContent.trim() !== ''));
                  if (texts.length < 20) return ['too few texts: ' + texts.length];
                  return texts.flatMap(node => {
                    const style = getComputedStyle(node);
                    const [a, b] = [light(style.color), light(behind(node))].sort((x, y) => y - x);
                    const ratio = (a + 0.05) / (b + 0.05);
                    return ratio >= (parseFloat(style.fontSize) >= 24 ? 3 : 4.5) ? [] : [`${node.tagName} ${node.className} '${node.textContent.slice(0, 30)}' ${ratio.toFixed(2)}`];
                  });
                }
                """)).ShouldBeEmpty(view);
        }
    }

    [Fact]
    public async Task The_colours_follow_the_system_until_one_is_chosen_and_then_the_choice_is_kept()
    {
        await using var window = await browser.OpenAsync(fixture.Server, "", new() { ColorScheme = ColorScheme.Dark });
        async Task<string> Background() => await window.Page.EvaluateAsync<string>("getComputedStyle(document.body).backgroundColor");
        var dark = await Background();

        await window.Button("Switch to light colors").ClickAsync();
        var light = await Background();
        await window.Page.ReloadAsync();

        light.ShouldNotBe(dark);
        (await Background()).ShouldBe(light);
        await Expect(window.Button("Switch to dark colors")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_telephone_shows_every_view_without_scrolling_sideways()
    {
        await using var window = await browser.OpenAsync(fixture.Server, "", new() { ViewportSize = new() { Width = 360, Height = 740 }, HasTouch = true, IsMobile = true, DeviceScaleFactor = 3 });
        foreach (var view in Views)
        {
            await ShowAsync(window, view);
            (await window.Page.EvaluateAsync<int>("document.documentElement.scrollWidth")).ShouldBeLessThanOrEqualTo(360, view);
        }

        // The map has the screen's own pixels.
        await ShowAsync(window, "#tab=map");
        (await window.Page.Locator("canvas").EvaluateAsync<double>("canvas => canvas.width / canvas.clientWidth")).ShouldBe(3, 0.02);
    }

    [Fact]
    public async Task Everything_that_can_be_used_has_a_name_and_identifiers_are_unique()
    {
        await using var window = await browser.OpenAsync(fixture.Server);
        foreach (var view in Views)
        {
            await ShowAsync(window, view);
            (await window.Page.EvaluateAsync<string[]>("""
                () => {
                  const ids = [...document.querySelectorAll('[id]')].map(node => node.id);
                  const twice = ids.filter((id, place) => ids.indexOf(id) !== place).map(id => 'twice: ' + id);
                  const lost = [...document.querySelectorAll('[aria-controls], [aria-labelledby], label[for]')]
                    .flatMap(node => [node.getAttribute('aria-controls'), node.getAttribute('aria-labelledby'), node.getAttribute('for')])
                    .filter(id => id !== null && document.getElementById(id) === null).map(id => 'lost: ' + id);
                  const named = (node) => (node.getAttribute('aria-label') ?? '').trim() !== '' || node.textContent.trim() !== '' && node.tagName !== 'SELECT' || [...node.labels ?? []].some(label => label.textContent.trim() !== '');
                  const used = [...document.querySelectorAll('a, button, input, select, summary, [tabindex="0"], [role="img"]')].filter(node => node.checkVisibility());
                  return [...twice, ...lost, ...used.filter(node => !named(node)).map(node => 'nameless: ' + node.outerHTML.slice(0, 120)), ...(used.length < 10 ? ['too few'] : [])];
                }
                """)).ShouldBeEmpty(view);
        }
    }

    [Fact]
    public async Task The_views_are_tabs_and_the_content_is_one_key_away()
    {
        await using var window = await browser.OpenAsync(fixture.Server, "#tab=try&user=u1");
        await Expect(window.List).ToHaveCountAsync(10);

        await window.PressAsync("Tab", "Enter");
        await Expect(window.Page.Locator("main")).ToBeFocusedAsync();
        await window.Page.GetByRole(AriaRole.Tab, new() { Name = "Try it" }).FocusAsync();
        await window.PressAsync("ArrowRight", "ArrowRight");

        await Expect(window.Page.GetByRole(AriaRole.Tab, new() { Name = "Map" })).ToBeFocusedAsync();
        await Expect(window.Page.GetByRole(AriaRole.Tabpanel)).ToHaveAttributeAsync("id", "panel-map");
        window.Page.Url.ShouldContain("tab=map&user=u1");
    }

    // Shows a view and waits until what it asks the server for is there.
    private static async Task ShowAsync(Window window, string view)
    {
        await window.GoToAsync(view);
        await Expect(view switch
        {
            _ when view.Contains("try", StringComparison.Ordinal) => window.List.First,
            _ when view.Contains("compare", StringComparison.Ordinal) => window.Page.Locator("#overlap"),
            _ when view.Contains("map", StringComparison.Ordinal) => window.Page.Locator("canvas[data-points='40']"),
            _ => window.Page.Locator("[data-answers]"),
        }).ToBeVisibleAsync();
    }
}
