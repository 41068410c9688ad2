using Tastemaker.StoreWriter;

namespace Tastemaker.Serving.Tests.Events;

/// <summary>Acknowledged means on disk: processes are killed while they write. 'crashes' of bench/ does the same a thousand times.</summary>
public sealed class CrashTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Twenty_killed_writers_lose_nothing_and_store_nothing_twice()
    {
        var result = await new CrashRun(folder.At("events.db"), seed: 1).RunAsync(20, null, TestContext.Current.CancellationToken);

        result.Kills.ShouldBe(20);
        result.Calls.ShouldBeGreaterThan(500);
        result.Retried.ShouldBeGreaterThan(0);
        result.Lost.ShouldBe(0);
        result.Wrong.ShouldBe(0);
        result.Interactions.ShouldBe(Enumerable.Range(0, result.Calls).Sum(call => (long)new Call(call).Count));
    }
}
