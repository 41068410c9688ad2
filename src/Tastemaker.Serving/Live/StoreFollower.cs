using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Tastemaker.Serving.Events;

namespace Tastemaker.Serving.Live;

/// <summary>Reads what other processes append to a store that several share, so that each answers by what all were told.</summary>
internal sealed class StoreFollower(IOptions<TastemakerOptions> options, IEventStore store, LiveHistories live, TimeProvider clock, ILogger<StoreFollower> log) : BackgroundService
{
    private static readonly TimeSpan Usual = TimeSpan.FromSeconds(2);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var period = options.Value.FollowStore ?? (options.Value.Store.Length > 0 ? Usual : TimeSpan.Zero);
        if (period <= TimeSpan.Zero)
        {
            return;
        }

        using var timer = new PeriodicTimer(period, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false))
        {
            try
            {
                await live.LoadAsync(store, stoppingToken).ConfigureAwait(false);
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                log.LogWarning(failure, "The event store could not be read; it is tried again");
            }
        }
    }
}
