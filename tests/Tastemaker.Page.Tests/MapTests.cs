namespace Tastemaker.Page.Tests;

public sealed class MapTests(Browser browser, PageFixture fixture) : IClassFixture<PageFixture>
{
    // How many of its pixels are painted.
    private const string Painted = "canvas => canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data.filter((value, place) => place % 4 === 3 && value > 0).length";

    [Fact]
    public async Task The_map_is_drawn_and_zooms_by_keys_wheel_and_buttons()
    {
        await using var window = await OpenAsync();
        var canvas = window.Page.Locator("canvas");
        (await canvas.EvaluateAsync<int>(Painted)).ShouldBeGreaterThan(500);
        await ZoomIsAsync(window, "1.0×");

        await canvas.FocusAsync();
        await window.PressAsync("+", "+");
        await ZoomIsAsync(window, "2.0×");
        await window.PressAsync("-");
        await ZoomIsAsync(window, "1.4×");
        await window.PressAsync("0");
        await ZoomIsAsync(window, "1.0×");
        await canvas.HoverAsync();
        await window.Page.Mouse.WheelAsync(0, -500);
        await Expect(window.Page.GetByLabel("Zoom", new() { Exact = true })).Not.ToHaveTextAsync("1.0×");
        await window.Button("Show all").ClickAsync();
        await ZoomIsAsync(window, "1.0×");
    }

    [Fact]
    public async Task A_title_that_is_searched_comes_to_the_middle_and_is_hit_there()
    {
        await using var window = await OpenAsync();
        await window.Field("Find on the map").FillAsync("Film 17");
        await window.PressAsync("Enter");
        var chosen = window.Page.Locator(".chosen");
        await Expect(chosen).ToContainTextAsync("Film 17");
        await ZoomIsAsync(window, "6.0×");
        await window.Button("Close").ClickAsync();
        await Expect(chosen).ToBeHiddenAsync();

        await ClickMiddleAsync(window);

        await Expect(chosen).ToContainTextAsync("Film 17");
        await Expect(chosen).ToContainTextAsync("Drama");
        await window.Button("Add to history").ClickAsync();
        await Expect(chosen).ToContainTextAsync("in the history");
        window.Page.Url.ShouldContain("item=f17");
    }

    [Fact]
    public async Task Dragging_moves_the_map_under_the_pointer()
    {
        await using var window = await OpenAsync();
        await window.Field("Find on the map").FillAsync("Film 17");
        await window.PressAsync("Enter");
        await ZoomIsAsync(window, "6.0×");
        var (x, y) = await MiddleAsync(window);

        await window.Page.Mouse.MoveAsync(x, y);
        await window.Page.Mouse.DownAsync();
        await window.Page.Mouse.MoveAsync(x - 120, y + 60, new() { Steps = 4 });
        await window.Page.Mouse.UpAsync();
        await window.Button("Close").ClickAsync();
        await window.Page.Mouse.ClickAsync(x - 120, y + 60);

        await Expect(window.Page.Locator(".chosen")).ToContainTextAsync("Film 17");
    }

    [Fact]
    public async Task Two_fingers_zoom()
    {
        await using var window = await browser.OpenAsync(fixture.Server, "#tab=map", new() { ViewportSize = new() { Width = 360, Height = 740 }, HasTouch = true, IsMobile = true });
        await Expect(window.Page.Locator("canvas")).ToHaveAttributeAsync("data-points", "40");
        await window.Page.Locator("canvas").ScrollIntoViewIfNeededAsync();
        var (x, y) = await MiddleAsync(window);
        var touch = await window.Page.Context.NewCDPSessionAsync(window.Page);
        Task Fingers(string type, params float[] apart) => touch.SendAsync(
            "Input.dispatchTouchEvent", new() { ["type"] = type, ["touchPoints"] = apart.Select((by, finger) => new { x = x + by, y, id = finger }).ToArray() });

        await Fingers("touchStart", -20, 20);
        await Fingers("touchMove", -40, 40);
        await Fingers("touchMove", -60, 60);
        await Fingers("touchEnd");

        await ZoomIsAsync(window, "3.0×"); // three times as far apart
        await Expect(window.Page.Locator(".chosen")).ToBeHiddenAsync();
    }

    [Fact]
    public async Task Keys_choose_what_is_in_the_middle_and_a_table_says_what_is_near()
    {
        await using var window = await OpenAsync();
        await window.Page.Locator("canvas").FocusAsync();
        await window.PressAsync("+", "ArrowLeft", "ArrowUp", "Enter");
        var chosen = await window.Page.Locator(".chosen strong").InnerTextAsync();

        await window.Page.GetByText("The nearest items, as a table").ClickAsync();

        await Expect(window.Page.GetByRole(AriaRole.Table, new() { Name = $"Nearest to {chosen}", Exact = true })).ToBeVisibleAsync();
        var rows = window.Page.Locator(".nearest tbody tr");
        await Expect(rows).ToHaveCountAsync(10);
        var distances = (await rows.Locator("td:last-child").AllInnerTextsAsync()).Select(double.Parse).ToArray();
        distances.ShouldBe(distances.Order());
        var nearest = await rows.First.GetByRole(AriaRole.Button).InnerTextAsync();
        await rows.First.GetByRole(AriaRole.Button).ClickAsync();
        await Expect(window.Page.Locator(".chosen strong")).ToHaveTextAsync(nearest);
    }

    [Fact]
    public async Task The_legend_names_the_groups_and_lights_one()
    {
        await using var window = await OpenAsync();
        var comedy = window.Page.Locator(".legend button", new() { HasTextString = "Comedy" });
        await Expect(comedy).ToContainTextAsync("20");

        await comedy.ClickAsync();

        await Expect(comedy).ToHaveAttributeAsync("aria-pressed", "true");
        await comedy.ClickAsync();
        await Expect(comedy).ToHaveAttributeAsync("aria-pressed", "false");
    }

    [Fact]
    public async Task What_is_recommended_is_told_on_the_map()
    {
        await using var window = await OpenAsync("&user=u1");
        var first = (await fixture.Server.GetAsync("/v1/users/u1/recommendations?count=1")).Ok().Json.GetProperty("items")[0].GetProperty("title").GetString()!;

        await window.Field("Find on the map").FillAsync(first);
        await Expect(window.Page.GetByRole(AriaRole.Option, new() { Name = first }).First).ToBeVisibleAsync();
        await window.Page.GetByRole(AriaRole.Option).Filter(new() { HasTextRegex = new($"^{first}\\D") }).ClickAsync();

        await Expect(window.Page.Locator(".chosen")).ToContainTextAsync("recommended, number 1");
    }

    [Fact]
    public async Task The_grid_finds_the_nearest_points_as_a_search_of_all_does()
    {
        await using var window = await OpenAsync();
        (await window.Page.EvaluateAsync<string>("""
            async () => {
              const { Grid } = await import('/page/map/grid.js');
              let seed = 7;
              const next = () => (seed = (seed * 16807) % 2147483647) / 1073741823.5 - 1;
              const points = Array.from({ length: 3000 }, () => ({ x: next(), y: next() ** 3 }));
              const grid = new Grid(points);
              for (let time = 0; time < 50; time++) {
                const [x, y] = [next() * 1.2, next() * 1.2];
                const far = (index) => Math.hypot(points[index].x - x, points[index].y - y);
                const all = points.map((_, index) => index).sort((a, b) => far(a) - far(b)).slice(0, 7);
                const found = grid.nearest(x, y, 7);
                if (found.join() !== all.join()) return `${found} instead of ${all}`;
              }
              return 'same';
            }
            """)).ShouldBe("same");
    }

    private async Task<Window> OpenAsync(string more = "")
    {
        var window = await browser.OpenAsync(fixture.Server, "#tab=map" + more);
        await Expect(window.Page.Locator("canvas")).ToHaveAttributeAsync("data-points", "40");
        // A frame later it is drawn.
        await window.Page.EvaluateAsync("() => new Promise(resolve => requestAnimationFrame(() => requestAnimationFrame(resolve)))");
        return window;
    }

    private static Task ZoomIsAsync(Window window, string zoom) => Expect(window.Page.GetByLabel("Zoom", new() { Exact = true })).ToHaveTextAsync(zoom);

    private static async Task<(float X, float Y)> MiddleAsync(Window window)
    {
        var box = (await window.Page.Locator("canvas").BoundingBoxAsync())!;
        return (box.X + (box.Width / 2), box.Y + (box.Height / 2));
    }

    private static async Task ClickMiddleAsync(Window window)
    {
        var (x, y) = await MiddleAsync(window);
        await window.Page.Mouse.ClickAsync(x, y);
    }
}
