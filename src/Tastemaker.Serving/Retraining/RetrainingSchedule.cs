using Cronos;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Tastemaker.Recommending;
using Tastemaker.Serving.Operations;

namespace Tastemaker.Serving.Retraining;

/// <summary>Trains again at the times that a cron expression names. What fails is logged, and tried again at the next time.</summary>
internal sealed class RetrainingSchedule(
    IOptions<TastemakerOptions> options, Retrainer retrainer, RetrainingHealth health, ServingMetrics metrics, TimeProvider clock, ILogger<RetrainingSchedule> log) : BackgroundService
{
    // Timers take at most 49 days.
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(1);

    /// <summary>A cron expression: five fields, or six with seconds first.</summary>
    /// <exception cref="InputException">It is none.</exception>
    public static CronExpression Parse(string text)
    {
        try
        {
            return CronExpression.Parse(text, text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length == 6 ? CronFormat.IncludeSeconds : CronFormat.Standard);
        }
        catch (CronFormatException error)
        {
            throw new InputException($"'{text}' is no cron expression: {error.Message} Write minute, hour, day, month and weekday, such as \"30 3 * * *\" for half past three each night.", error);
        }
    }

    /// <inheritdoc/>
    public override Task StartAsync(CancellationToken cancellationToken)
    {
        if (options.Value.Retrain is { Length: > 0 } text)
        {
            _ = Parse(text);
            _ = retrainer.Configuration(); // what is wrong is said at the start, not at night
        }

        return base.StartAsync(cancellationToken);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.Value.Retrain is not { Length: > 0 } text)
        {
            return;
        }

        var schedule = Parse(text);
        while (schedule.GetNextOccurrence(clock.GetUtcNow(), TimeZoneInfo.Local) is { } next)
        {
            await WaitUntilAsync(next, stoppingToken).ConfigureAwait(false);
            await RetrainAsync(stoppingToken).ConfigureAwait(false);
        }
    }

    private async Task WaitUntilAsync(DateTimeOffset time, CancellationToken stopping)
    {
        for (var left = time - clock.GetUtcNow(); left > TimeSpan.Zero; left = time - clock.GetUtcNow())
        {
            await Task.Delay(left < LongestWait ? left : LongestWait, clock, stopping).ConfigureAwait(false);
        }
    }

    private async Task RetrainAsync(CancellationToken stopping)
    {
        try
        {
            log.LogInformation("Training again");
            var outcome = await retrainer.RetrainAsync(stopping).ConfigureAwait(false);
            metrics.Retrained(outcome.Swapped ? "swapped" : "kept");
            health.Succeed();
            foreach (var note in outcome.Notes)
            {
                log.LogWarning("Trained again: {Note}", note);
            }

            if (log.IsEnabled(LogLevel.Information))
            {
                log.LogInformation(
                    "Trained again: {Metric} of {Requests} users is {After:0.####}, that of the running model {Before:0.####}; {Outcome}, version {Version} answers",
                    outcome.Metric, outcome.Requests, outcome.After, outcome.Before, outcome.Swapped ? "the new model takes over" : "the new model is dropped", outcome.Model.Version);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            throw;
        }
        catch (InputException data)
        {
            // Nothing is broken: the data does not allow it yet.
            metrics.Retrained("failed");
            health.Fail(clock.GetUtcNow());
            log.LogError("Training again was not possible; the running model goes on. {Reason}", string.Join(" ", data.Problems));
        }
        catch (Exception error)
        {
            // Whatever it is, the running model goes on, and the next time may do better.
            metrics.Retrained("failed");
            health.Fail(clock.GetUtcNow());
            log.LogError(error, "Training again failed; the running model goes on");
        }
    }
}
