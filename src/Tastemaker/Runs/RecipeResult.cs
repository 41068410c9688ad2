using Tastemaker.Configuration;
using Tastemaker.Evaluation;
using Tastemaker.Evaluation.Significance;

namespace Tastemaker.Runs;

/// <summary>The figures of one entry of a recipe over its seeds.</summary>
internal sealed class RecipeResult
{
    private readonly IReadOnlyList<EvaluationResult> results;

    /// <summary>Reads the completed runs of an entry; at least one.</summary>
    public RecipeResult(RecipeEntry entry, IReadOnlyList<RunFolder> runs)
    {
        Entry = entry;
        Runs = runs;
        results = [.. runs.Select(run => run.ReadResult())];
    }

    /// <summary>The entry.</summary>
    public RecipeEntry Entry { get; }

    /// <summary>Its completed runs.</summary>
    public IReadOnlyList<RunFolder> Runs { get; }

    /// <summary>Full ranking, or what the candidates were.</summary>
    public string Protocol => results[0].Protocol;

    /// <summary>How much was measured, in words.</summary>
    public string Measured => results[0].Clicks is { } clicks ? $"{clicks.Count} rows" : $"{results[0].Requests} requests";

    /// <summary>Names of all metrics.</summary>
    public IEnumerable<string> Metrics => results[0].Metrics.Keys;

    /// <summary>The figure of a metric; null if it was not measured.</summary>
    public RecipeFigure? Figure(string metric)
    {
        if (!results.All(result => result.Metrics.ContainsKey(metric)))
        {
            return null;
        }

        var values = results.Select(result => result.Metrics[metric]).ToArray();
        var mean = values.Average();
        var deviation = values.Length > 1 ? Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Length - 1)) : (double?)null;
        var interval = Interval(metric);
        return new RecipeFigure(mean, interval?.Lower, interval?.Upper, deviation);
    }

    private Interval? Interval(string metric)
    {
        if (!results.All(result => result.PerRequest.ContainsKey(metric)))
        {
            return RowInterval(metric);
        }

        // Seeds share the requests: the interval is of the mean over requests of each request's mean over seeds.
        var column = new double[results[0].PerRequest[metric].Length];
        foreach (var result in results)
        {
            for (var request = 0; request < column.Length; request++)
            {
                column[request] += (double)result.PerRequest[metric][request] / results.Count;
            }
        }

        return Bootstrap.MeanIntervals([column], seed: 42)[0];
    }

    // Seeds share the labelled rows and err alike on them, so the error of their mean is taken to be the mean of their errors.
    private Interval? RowInterval(string metric)
    {
        var inference = new RowInference();
        var estimates = results.Select(result => result.Clicks is { } clicks ? inference.Estimate(metric, clicks) : null).OfType<RowEstimate>().ToList();
        return estimates.Count < results.Count
            ? null
            : new RowEstimate(estimates.Average(estimate => estimate.Value), estimates.Average(estimate => estimate.Error), estimates[0].Clusters).Interval(0.95);
    }
}
