using Tastemaker.Bench.Reports;
using Tastemaker.Data.Splits;
using Tastemaker.Evaluation;
using Tastemaker.Options;
using Tastemaker.Systems;

namespace Tastemaker.Bench.Measuring;

/// <summary>Trains one system for a few epochs and ranks the test requests with it, through the doors that users of the library use.</summary>
internal sealed class SystemRun(SystemInfo system, ModelOptions options, Split split, BenchSettings settings, TextWriter progress)
{
    public SystemMeasurement Measure()
    {
        progress.WriteLine($"train {system.Id}");
        PeakMemory.Reset();
        using var epochs = new EpochClock(settings.Epochs, settings.Seconds, progress);
        using var recommender = Recommender.Train(
            system.Id,
            split with { Validation = null },
            options,
            new TrainingOptions { Seed = settings.Seed, Threads = settings.Threads, Patience = 0 },
            [epochs],
            cancellation: epochs.Enough);
        var holdOut = First(split.Test, settings.Requests);
        var clock = new ScoringClock(recommender);
        var evaluation = settings.Threads == 0 ? new EvaluationOptions() : new EvaluationOptions { Threads = settings.Threads };
        var result = new Evaluator(split.Train, evaluation).Evaluate(clock, holdOut);
        progress.WriteLine($"  ranked {result.Requests} requests in {result.Seconds:0.00} s, of which scoring {clock.Elapsed.TotalSeconds:0.00} s");
        var samples = epochs.Measured.Average(epoch => epoch.SamplesPerSecond);
        return new SystemMeasurement
        {
            System = system.Id,
            Parameters = epochs.Parameters,
            Epochs = epochs.Measured.Count,
            SecondsPerEpoch = epochs.Measured.Average(epoch => epoch.Seconds),
            SamplesPerSecond = samples > 0 && double.IsFinite(samples) ? samples : null,
            Requests = result.Requests,
            ScoreSeconds = clock.Elapsed.TotalSeconds,
            RankSeconds = result.Seconds - clock.Elapsed.TotalSeconds,
            PeakBytes = PeakMemory.Bytes(),
            Ndcg = result.Metrics["ndcg@10"],
        };
    }

    private static HoldOut First(HoldOut all, int count)
    {
        if (count == 0 || count >= all.Count)
        {
            return all;
        }

        int[] rows = [.. Enumerable.Range(0, count)];
        return all with
        {
            Requests = all.Requests.Slice(0, count),
            Targets = all.Targets.Gather(rows),
            Excluded = all.Excluded?.Gather(rows),
            Candidates = all.Candidates?.Gather(rows),
        };
    }
}
