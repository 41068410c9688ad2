using System.Globalization;
using Tastemaker.Data.Splits;
using Tastemaker.Evaluation;
using Tastemaker.Models.Baselines;
using Tastemaker.Options;
using Tastemaker.Recommending;
using Tastemaker.Systems;
using Tastemaker.Training;

namespace Tastemaker.Runs;

/// <summary>
/// Whether a system that learns what sets users apart ranks better than the same list for everyone. Where it does not, its figures say nothing about the system
/// but that it was not trained well, or that the data holds nothing to learn.
/// </summary>
internal static class PopularityFloor
{
    private const int MostRequests = 5000;
    private const int Fewest = 30; // below it an interval from a normal distribution means nothing
    private const double Quantile = 1.96;

    /// <summary>A note where the mean of the main metric does not lie above popularity's by more than chance; none elsewhere.</summary>
    /// <param name="system">The system.</param>
    /// <param name="result">Its figures on the test part.</param>
    /// <param name="split">The data.</param>
    /// <param name="evaluation">How it was measured.</param>
    /// <param name="metric">The metric that chose its epoch.</param>
    /// <param name="cancellation">Stops.</param>
    public static IReadOnlyList<string> Note(
        SystemInfo system, EvaluationResult result, Split split, EvaluationOptions evaluation, string metric, CancellationToken cancellation)
    {
        var name = metric.ToLowerInvariant();
        if (system.Id == Popularity.Info.Id || !result.PerRequest.TryGetValue(name, out var figures) || figures.Length < Fewest || split.Test.Impressions is not null || ColdTargets.AreAll(split.Train, split.Test))
        {
            return [];
        }

        var rows = Sample(figures.Length);
        var (difference, margin) = Difference([.. rows.Select(row => figures[row])], Popular(split, rows, evaluation, name, cancellation));
        return difference > margin ? [] : [string.Create(
            CultureInfo.InvariantCulture,
            $"{system.Name} {(difference < -margin ? "ranks below" : "is level with")} popularity, the same list for everyone: its {name} differs by {difference:+0.0000;-0.0000;0.0000} "
            + $"[{difference - margin:+0.0000;-0.0000;0.0000}, {difference + margin:+0.0000;-0.0000;0.0000}]. It has learned nothing that sets users apart: tune it (taste tune, or taste compare --tune), or train it for more epochs.")];
    }

    /// <summary>The mean of paired differences, and half the width of its 95 % interval.</summary>
    internal static (double Mean, double Margin) Difference(IReadOnlyList<float> figures, IReadOnlyList<float> others)
    {
        double[] differences = [.. figures.Zip(others, (figure, other) => (double)figure - other).Where(difference => !double.IsNaN(difference))];
        if (differences.Length < 2)
        {
            return (double.PositiveInfinity, 0);
        }

        var mean = differences.Average();
        return (mean, Quantile * Math.Sqrt(differences.Sum(difference => (difference - mean) * (difference - mean)) / (differences.Length - 1) / differences.Length));
    }

    private static float[] Popular(Split split, int[] rows, EvaluationOptions evaluation, string metric, CancellationToken cancellation)
    {
        var (recommender, _) = Fitting.Train(
            Popularity.Info,
            split with { Validation = null },
            Experiment.Origin(Popularity.Info.DefaultOptions, new TrainingOptions(), split),
            [],
            checkpoints: null,
            cancellation);
        using (recommender)
        {
            var part = new HoldOut
            {
                Requests = split.Test.Requests.Select(rows),
                Targets = split.Test.Targets.Gather(rows),
                Excluded = split.Test.Excluded?.Gather(rows),
                Candidates = split.Test.Candidates?.Gather(rows),
                CandidateLabel = split.Test.CandidateLabel,
            };
            return new Evaluator(split.Train, evaluation with { Metrics = [metric], Slices = [] }).Evaluate(recommender, part, cancellation: cancellation).PerRequest[metric];
        }
    }

    // Evenly spaced, so that it does not matter how requests are ordered.
    private static int[] Sample(int requests)
    {
        var count = Math.Min(requests, MostRequests);
        return [.. Enumerable.Range(0, count).Select(place => (int)((long)place * requests / count))];
    }
}
