namespace Tastemaker.Page.Tests;

/// <summary>One server with two models, for tests that change nothing that others see.</summary>
public sealed class PageFixture : IAsyncLifetime
{
    internal Served Server { get; private set; } = null!;

    /// <summary>The names of the models, the one that serves first.</summary>
    internal string[] Models { get; private set; } = [];

    public async ValueTask InitializeAsync()
    {
        Server = await StartAsync();
        Models = [.. (await Server.GetAsync("/v1/models")).Ok().Json.GetProperty("models").EnumerateArray().Select(model => model.GetProperty("name").GetString()!)];
    }

    public ValueTask DisposeAsync() => Server.DisposeAsync();

    private static async Task<Served> StartAsync()
    {
        var folder = Served.NewFolder();
        var other = Path.Combine(folder, "other");
        Films.Train(other, seed: 2);
        return await Served.StartAsync(options => options with { CompareWith = [other] }, folder);
    }
}
