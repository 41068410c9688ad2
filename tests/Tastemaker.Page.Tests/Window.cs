namespace Tastemaker.Page.Tests;

/// <summary>A window with the page of a server. When it is closed, the page must have raised no error and called no other host.</summary>
internal sealed class Window : IAsyncDisposable
{
    private readonly IBrowserContext context;
    private readonly Uri server;
    private readonly List<string> complaints = [];

    public Window(IBrowserContext context, IPage page, Uri server)
    {
        (this.context, Page, this.server) = (context, page, server);
        page.Console += (_, message) => Complain(message.Type is "error" or "warning", message.Text);
        page.PageError += (_, error) => Complain(true, error);
        page.Request += (_, request) => Complain(!request.Url.StartsWith(server.ToString(), StringComparison.Ordinal) && !request.Url.StartsWith("data:", StringComparison.Ordinal), $"called {request.Url}");
    }

    public IPage Page { get; }

    /// <summary>Whether the server is meant to refuse something: a browser notes that as an error of its own.</summary>
    public bool Refusals { get; set; }

    public ILocator List => Page.Locator("#panel-try ol.ranked > li");

    public ILocator Titles => List.Locator(".title");

    public ILocator Strategy => Page.Locator("#panel-try [data-strategy]");

    public Task GoToAsync(string fragment) => Page.GotoAsync(new Uri(server, fragment).ToString());

    public ILocator Button(string name) => Page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });

    public ILocator Field(string name) => Page.GetByRole(AriaRole.Combobox, new() { Name = name, Exact = true });

    public Task PressAsync(params string[] keys) => InTurnAsync(keys, key => Page.Keyboard.PressAsync(key));

    public async ValueTask DisposeAsync()
    {
        await context.DisposeAsync();
        complaints.Where(complaint => !(Refusals && complaint.StartsWith("Failed to load resource", StringComparison.Ordinal))).ShouldBeEmpty();
    }

    private static async Task InTurnAsync(string[] keys, Func<string, Task> press)
    {
        foreach (var key in keys)
        {
            await press(key);
        }
    }

    private void Complain(bool wrong, string text)
    {
        if (wrong)
        {
            complaints.Add(text);
        }
    }
}
