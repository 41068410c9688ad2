using System.Security.Cryptography;
using System.Text;

namespace Tastemaker.Page.Tests;

public sealed class AccessTests(Browser browser)
{
    [Fact]
    public async Task A_key_is_asked_for_once_and_used_for_all_calls()
    {
        var folder = Served.NewFolder();
        var file = Path.Combine(folder, "keys.txt");
        await File.WriteAllTextAsync(file, $"{Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes("open sesame")))}  page\n");
        await using var server = await Served.StartAsync(options => options with { ApiKeyFile = file }, folder);
        await using var window = await browser.OpenAsync(server, "#user=u1");
        window.Refusals = true;
        var dialog = window.Page.GetByRole(AriaRole.Dialog);
        await Expect(dialog).ToContainTextAsync("An API key is needed");

        await dialog.GetByLabel("API key").FillAsync("guess");
        await window.PressAsync("Enter");
        await Expect(dialog).ToContainTextAsync("not known");
        await dialog.GetByLabel("API key").FillAsync("open sesame");
        await dialog.GetByText("Use it").ClickAsync();

        await Expect(window.List).ToHaveCountAsync(10);
        await window.Page.ReloadAsync(); // the window keeps the key
        await Expect(window.List).ToHaveCountAsync(10);
        await Expect(dialog).ToHaveCountAsync(0);

        await using var another = await browser.OpenAsync(server);
        another.Refusals = true;
        await another.Page.GetByRole(AriaRole.Dialog).GetByText("Cancel").ClickAsync();
        await Expect(another.Page.Locator(".problem")).ToContainTextAsync("An API key is needed");
    }
}
