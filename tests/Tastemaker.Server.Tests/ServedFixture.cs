namespace Tastemaker.Server.Tests;

/// <summary>One server for tests that change nothing that others see.</summary>
public sealed class ServedFixture : IAsyncLifetime
{
    internal Served Server { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Server = await Served.StartAsync(options => options with { MostBodyBytes = 1 << 20 });

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}
