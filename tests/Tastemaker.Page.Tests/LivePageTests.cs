namespace Tastemaker.Page.Tests;

public sealed class LivePageTests(Browser browser, PageFixture fixture) : IClassFixture<PageFixture>
{
    [Fact]
    public async Task Figures_move_with_what_the_server_does()
    {
        await using var server = await Served.StartAsync();
        await using var window = await browser.OpenAsync(server, "#tab=live");
        var status = window.Page.Locator("#panel-live [data-answers]");
        var before = int.Parse((await status.GetAttributeAsync("data-answers"))!); // a server warms up

        for (var call = 1; call <= 12; call++)
        {
            (await server.PostAsync("/v1/recommendations", call % 3 == 0 ? new { history = new[] { "f1" } } : new { user = Films.User(call) })).Ok();
        }

        await Expect(status).ToHaveAttributeAsync("data-answers", $"{before + 12}");
        await Expect(Card(window, "Answer source")).ToContainTextAsync("12 answers in the last minute");
        await Expect(Card(window, "Answer source")).ToContainTextAsync("67 % · 8");
        await Expect(Card(window, "Latency").Locator(".big")).ToHaveTextAsync(new System.Text.RegularExpressions.Regex("^p50 [0-9.]+ m?s · p99 [0-9.]+ m?s$"));
        await Expect(Card(window, "Score drift")).ToContainTextAsync("12 since");
    }

    [Fact]
    public async Task Each_model_shows_how_much_of_the_catalog_its_lists_hold()
    {
        await using var server = await Served.StartAsync();
        (await server.PostAsync("/v1/recommendations", new { user = "nobody", count = 40 })).Ok(); // all there are
        await using var window = await browser.OpenAsync(server, "#tab=live");

        await Expect(window.Page.Locator("[data-gauge=tastemaker_catalog_coverage]")).ToHaveTextAsync("100 %");
        await Expect(window.Page.Locator("[data-gauge=tastemaker_score_drift]")).ToHaveTextAsync("–"); // after a thousand lists
    }

    [Fact]
    public async Task A_model_is_loaded_anew_and_one_that_cannot_be_says_why()
    {
        await using var server = await Served.StartAsync();
        await using var window = await browser.OpenAsync(server, "#tab=live");
        var version = window.Page.Locator("#panel-live tbody code");
        var before = await version.InnerTextAsync();
        Directory.Delete(server.Model, recursive: true);
        Films.Train(server.Model, seed: 3);

        await Reload(window).ClickAsync();

        await Expect(version).Not.ToHaveTextAsync(before);
        await Expect(window.Page.Locator("#serving")).ToContainTextAsync(await version.InnerTextAsync());
        window.Refusals = true;
        File.Delete(Directory.GetFiles(server.Model, "*.safetensors", SearchOption.AllDirectories)[0]);
        await Reload(window).ClickAsync();
        await Expect(window.Page.Locator("#panel-live .problem")).ToContainTextAsync("goes on answering");
    }

    [Fact]
    public async Task Quantiles_drift_and_the_text_of_metrics_are_read_right()
    {
        await using var window = await browser.OpenAsync(fixture.Server);

        // 4 values up to 1 and 4 from 1 to 3: the median is 1, and 3/4 lies in the middle of the second bucket.
        (await window.Page.EvaluateAsync<double[]>("""
            async () => {
              const { quantile, drift, between, histogramOf } = await import('/page/live/histogram.js');
              const { parse } = await import('/page/live/exposition.js');
              const histogram = { bounds: [1, 3, Infinity], counts: [4, 4, 0] };
              const text = 'm_bucket{s="a",le="1"} 1\nm_bucket{s="b\\"}",le="1"} 2\nm_bucket{s="a",le="+Inf"} 5 17\nm_bucket{s="b\\"}",le="+Inf"} 2\n# m_bucket 9\n';
              const read = histogramOf(parse(text), 'm');
              return [
                quantile(histogram, 0.5), quantile(histogram, 0.75), quantile({ bounds: [1, Infinity], counts: [0, 2] }, 0.99),
                drift(histogram, histogram), drift({ ...histogram, counts: [10, 0, 0] }, { ...histogram, counts: [0, 10, 0] }),
                ...read.counts, ...between(read, { bounds: [1, Infinity], counts: [1, 1] }).counts,
                histogramOf(parse(text), 'm', ({ s }) => s === 'b"}').counts[0],
              ];
            }
            """)).ShouldBe([1, 2, 1, 0, 2 * (10 / 11.0) * Math.Log(21), 3, 4, 2, 3, 2], tolerance: 1e-12);
    }

    private static ILocator Reload(Window window) => window.Page.Locator("#panel-live tbody button");

    private static ILocator Card(Window window, string title) => window.Page.GetByRole(AriaRole.Region, new() { Name = title });
}
