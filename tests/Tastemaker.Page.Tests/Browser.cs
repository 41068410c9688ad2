namespace Tastemaker.Page.Tests;

/// <summary>The browser that tests share; each opens a window of its own.</summary>
public sealed class Browser : IAsyncLifetime
{
    private const float Patience = 20_000; // ms; for a machine that does much else

    private IPlaywright? playwright;
    private IBrowser? browser;

    public async ValueTask InitializeAsync()
    {
        if (InstalledBrowser.Find() is not { } program)
        {
            return;
        }

        SetDefaultExpectTimeout(Patience);
        playwright = await Playwright.CreateAsync();
        browser = await playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = program,
            Args = Environment.UserName == "root" ? ["--no-sandbox"] : [], // which Chromium demands of root
        });
    }

    /// <summary>Opens the page of a server; skips the test where there is no browser.</summary>
    /// <param name="server">The server.</param>
    /// <param name="fragment">What the page is to show.</param>
    /// <param name="options">The kind of window.</param>
    internal async Task<Window> OpenAsync(Served server, string fragment = "", BrowserNewContextOptions? options = null)
    {
        Assert.SkipWhen(browser is null, $"There is no browser of the Chromium family, and {InstalledBrowser.Variable} names none.");
        options ??= new() { ViewportSize = new() { Width = 1280, Height = 900 } };
        options.ReducedMotion = ReducedMotion.Reduce;
        var context = await browser.NewContextAsync(options);
        context.SetDefaultTimeout(Patience);
        var window = new Window(context, await context.NewPageAsync(), server.Client.BaseAddress!);
        await window.GoToAsync(fragment);
        return window;
    }

    public async ValueTask DisposeAsync()
    {
        if (browser is not null)
        {
            await browser.DisposeAsync();
        }

        playwright?.Dispose();
    }
}
