using System.Globalization;
using Tastemaker.Data;
using Tastemaker.Evaluation;
using Tastemaker.Options;

namespace Tastemaker.Training;

/// <summary>The metric that chooses the best epoch.</summary>
internal static class Validation
{
    private static readonly HashSet<string> Minimised = new(["rmse", "mae", "logloss"], StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether a value of a metric is better than another; a value that is not a number never is.</summary>
    public static bool IsBetter(string metric, double value, double? than) =>
        !double.IsNaN(value) && (than is not { } other || (Minimised.Contains(metric) ? value < other : value > other));

    /// <summary>Measures with the evaluator: the metric of the options alone.</summary>
    /// <exception cref="InputException">The metric's cut-off is not a positive number.</exception>
    public static Measure WithEvaluator(TrainingSet train, TrainingOptions options)
    {
        var parts = options.Metric.Split('@');
        var evaluation = new EvaluationOptions { Metrics = [parts[0]] };
        if (parts.Length > 1)
        {
            if (!int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var cutoff) || cutoff == 0)
            {
                throw new InputException($"The metric '{options.Metric}' has no valid cut-off; write it like 'ndcg@10'.");
            }

            evaluation = evaluation with { Cutoffs = [cutoff] };
        }

        evaluation = options.Threads > 0 ? evaluation with { Threads = options.Threads } : evaluation;
        return (recommender, holdOut, cancellation) =>
            new Evaluator(train, evaluation).Evaluate(recommender, holdOut, cancellation: cancellation).Metrics;
    }
}
