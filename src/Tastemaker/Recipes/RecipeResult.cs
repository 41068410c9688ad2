using Tastemaker.Configuration;
using Tastemaker.Evaluation;
using Tastemaker.Evaluation.Metrics;
using Tastemaker.Evaluation.Significance;
using Tastemaker.Runs;

namespace Tastemaker.Recipes;

/// <summary>What the runs of an entry gave on one metric.</summary>
/// <param name="Mean">Mean over seeds.</param>
/// <param name="Lower">Lower end of the 95% interval over requests or users; null where the metric has no figures a request or row.</param>
/// <param name="Upper">Its upper end.</param>
/// <param name="Deviation">Standard deviation over seeds; null for one seed.</param>
internal sealed record RecipeFigure(double Mean, double? Lower, double? Upper, double? Deviation);

/// <summary>What the runs of one entry of a recipe gave over their seeds: what pages are made of, and what <see cref="RecipeArchive"/> keeps when run folders are gone.</summary>
internal sealed record RecipeResult
{
    /// <summary>The entry's label.</summary>
    public required string Label { get; init; }

    /// <summary>Fingerprint of its configuration with its first seed; null where it was not kept.</summary>
    public string? Configuration { get; init; }

    /// <summary>Name of the data set.</summary>
    public required string Data { get; init; }

    /// <summary>Fingerprint of the training data.</summary>
    public required string DataFingerprint { get; init; }

    /// <summary>The split in words.</summary>
    public required string Split { get; init; }

    /// <summary>Fingerprint of the split.</summary>
    public required string SplitFingerprint { get; init; }

    /// <summary>Full ranking, or what the candidates were.</summary>
    public required string Protocol { get; init; }

    /// <summary>How much was measured, in words.</summary>
    public required string Measured { get; init; }

    /// <summary>Versions and platforms.</summary>
    public required IReadOnlyList<string> MadeWith { get; init; }

    /// <summary>Number of seeds.</summary>
    public required int Seeds { get; init; }

    /// <summary>Seconds of training, mean over seeds.</summary>
    public required double TrainingSeconds { get; init; }

    /// <summary>The metrics, in the order of measuring.</summary>
    public required OrderedDictionary<string, RecipeFigure> Metrics { get; init; }

    /// <summary>The value of a metric; null if it was not measured.</summary>
    public RecipeFigure? Figure(string metric) => Metrics.GetValueOrDefault(metric);

    /// <summary>Reads the completed runs of an entry; at least one.</summary>
    public static RecipeResult Of(RecipeEntry entry, IReadOnlyList<RunFolder> runs)
    {
        EvaluationResult[] results = [.. runs.Select(run => run.ReadResult())];
        var manifest = runs[0].Manifest;
        return new RecipeResult
        {
            Label = entry.Label,
            Configuration = entry.WithSeed(entry.Seeds[0]).Fingerprint,
            Data = manifest.Data,
            DataFingerprint = manifest.DataFingerprint,
            Split = manifest.Split,
            SplitFingerprint = manifest.SplitFingerprint,
            Protocol = results[0].Protocol,
            Measured = results[0].Clicks is { } clicks ? $"{clicks.Count} rows" : $"{results[0].Requests} requests",
            MadeWith = [.. runs.Select(run => run.Manifest).Select(made => $"Tastemaker {made.Library}, libtorch {made.Libtorch}, {made.Runtime}, {made.Platform}").Distinct()],
            Seeds = runs.Count,
            TrainingSeconds = runs.Average(run => run.Manifest.TrainingSeconds ?? 0),
            Metrics = new(results[0].Metrics.Keys.Where(metric => Array.TrueForAll(results, result => result.Metrics.ContainsKey(metric)))
                .Select(metric => KeyValuePair.Create(metric, FigureOf(metric, results)))),
        };
    }

    private static RecipeFigure FigureOf(string metric, EvaluationResult[] results)
    {
        var values = Array.ConvertAll(results, result => result.Metrics[metric]);
        var mean = values.Average();
        var deviation = values.Length > 1 ? Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Length - 1)) : (double?)null;
        var interval = Interval(metric, results);
        return new RecipeFigure(mean, interval?.Lower, interval?.Upper, deviation);
    }

    private static Interval? Interval(string metric, EvaluationResult[] results)
    {
        if (!Array.TrueForAll(results, result => result.PerRequest.ContainsKey(metric)))
        {
            return RowInterval(metric, results);
        }

        // Seeds share the requests: the interval is of the mean over requests of each request's mean over seeds.
        var column = new double[results[0].PerRequest[metric].Length];
        foreach (var result in results)
        {
            for (var request = 0; request < column.Length; request++)
            {
                column[request] += (double)result.PerRequest[metric][request] / results.Length;
            }
        }

        return Bootstrap.MeanIntervals([column], seed: 42)[0];
    }

    // Seeds share the labelled rows, or the held-out values, and err alike on them, so the error of their mean is taken to be the mean of their errors.
    private static Interval? RowInterval(string metric, EvaluationResult[] results)
    {
        var inference = new RowInference();
        var estimates = results.Select(result => result.Clicks is { } clicks ? inference.Estimate(metric, clicks) : result.Values is { } values ? ValueMetrics.Find(metric)?.Estimate(values) : null).OfType<RowEstimate>().ToList();
        return estimates.Count < results.Length
            ? null
            : new RowEstimate(estimates.Average(estimate => estimate.Value), estimates.Average(estimate => estimate.Error), estimates[0].Clusters).Interval(0.95);
    }
}
