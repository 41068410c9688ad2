using System.Diagnostics;
using System.Runtime.InteropServices;
using Tastemaker.Catalog;
using Tastemaker.Configuration;
using Tastemaker.Data.Splits;
using Tastemaker.Recommending;
using Tastemaker.Runs;
using Tastemaker.Training;

namespace Tastemaker.Tuning.Trials;

/// <summary>Trains one trial in this process, in its run folder. The test part is not touched.</summary>
internal static class TrialTraining
{
    /// <summary>Trains up to a number of epochs, from the checkpoint where there is one.</summary>
    /// <param name="configuration">The trial's run.</param>
    /// <param name="split">Training and validation part.</param>
    /// <param name="folder">Its run folder.</param>
    /// <param name="until">Epochs to rest at; null to train to the end.</param>
    /// <param name="observers">Watch the training.</param>
    /// <param name="cancellation">Stops; finished epochs are saved.</param>
    /// <returns>The result; a failed one where the setting cannot be trained, as when its loss is no number.</returns>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static TrialResult Run(
        RunConfiguration configuration, Split split, string folder, int? until, IReadOnlyList<ITrainingObserver> observers, CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        RunFolder.DemandRoom(folder);
        using var held = RunLock.Take(folder, "trial");
        var run = RunFolder.Begin(folder, configuration, split);
        run.Resume();
        using var rest = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var watch = new EpochWatch(Validation.Resolve(configuration.Training, configuration.System.PredictsClicks, split).Metric.ToLowerInvariant(), until, rest);
        using var log = new RunLog(run.Log);
        try
        {
            TrainingCheck.Demand(configuration.System, configuration.Options, configuration.Training, split, SystemCatalog.Systems);
            var (recommender, end) = Fitting.Train(
                configuration.System, split, Experiment.Origin(configuration, split), [.. observers, log, watch], run.Checkpoints, rest.Token);
            recommender.Dispose();
            if (end.Reason == TrainingEnd.Interrupted && !watch.HasReached)
            {
                run.Interrupt();
                throw new OperationCanceledException("The trial was stopped.", cancellation);
            }

            return Result(end, watch, run, clock);
        }
        catch (Exception error) when (error is InputException or ExternalException or ArithmeticException)
        {
            run.Try(null, clock.Elapsed.TotalSeconds, TimeProvider.System.GetUtcNow());
            return new TrialResult { Failure = error.Message, Epochs = watch.Epochs, Seconds = clock.Elapsed.TotalSeconds };
        }
    }

    private static TrialResult Result(TrainingEvent.Finished end, EpochWatch watch, RunFolder run, Stopwatch clock)
    {
        var ended = end.Reason != TrainingEnd.Interrupted;
        var metric = end.BestMetric ?? watch.Metric;
        var usable = metric is { } value && double.IsFinite(value);
        var result = new TrialResult
        {
            Metric = usable ? metric : null,
            BestEpoch = end.BestMetric is null ? null : end.BestEpoch,
            Epochs = watch.Epochs,
            Ended = ended || !usable,
            Failure = usable ? null : "The validation metric is not a number.",
            Seconds = clock.Elapsed.TotalSeconds,
        };
        if (result.Ended)
        {
            run.Try(result.BestEpoch, result.Seconds, TimeProvider.System.GetUtcNow());
        }
        else
        {
            run.Interrupt();
        }

        return result;
    }

    /// <summary>Counts epochs, remembers the latest figure, and asks training to rest when it has come far enough.</summary>
    private sealed class EpochWatch(string metric, int? until, CancellationTokenSource rest) : ITrainingObserver
    {
        public int Epochs { get; private set; }

        public double? Metric { get; private set; }

        public bool HasReached { get; private set; }

        public void On(TrainingEvent trainingEvent)
        {
            switch (trainingEvent)
            {
                case TrainingEvent.Started started:
                    foreach (var epoch in started.History)
                    {
                        Take(epoch);
                    }

                    break;
                case TrainingEvent.EpochCompleted epoch:
                    Take(epoch);
                    break;
            }
        }

        private void Take(TrainingEvent.EpochCompleted epoch)
        {
            Epochs = epoch.Epoch + 1;
            Metric = epoch.Metrics.TryGetValue(metric, out var value) ? value : Metric;
            if (Epochs >= until)
            {
                HasReached = true;
                rest.Cancel();
            }
        }
    }
}
