using Tastemaker.Data;
using Tastemaker.Data.Splits;
using Tastemaker.Evaluation;
using Tastemaker.Options;
using Tastemaker.Recommending;

namespace Tastemaker.Training;

/// <summary>The metric that chooses the best epoch.</summary>
internal static class Validation
{
    private const string Auto = "auto";

    /// <summary>What "auto" means where nothing is known of the data. Configurations from before there was "auto" have it written out.</summary>
    public const string Usual = "ndcg@10";

    /// <summary>The options with the metric that "auto" stands for.</summary>
    public static TrainingOptions Resolve(TrainingOptions options, IRecommender recommender, Split split) => Resolve(options, recommender.As<IClickPredictor>() is not null, split);

    /// <summary>The same, where it is known whether the system predicts clicks.</summary>
    public static TrainingOptions Resolve(TrainingOptions options, bool predictsClicks, Split split) => !IsAuto(options.Metric) ? options : options with
    {
        Metric = predictsClicks && (split.Validation ?? split.Test).Impressions is not null ? "auc" : Usual,
    };

    /// <summary>Whether the data is to choose the metric.</summary>
    public static bool IsAuto(string metric) => metric.Equals(Auto, StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether a value of a metric is better than another; a value that is not a number never is.</summary>
    public static bool IsBetter(string metric, double value, double? than) => !double.IsNaN(value)
        && (than is not { } other || (MetricCatalog.Find(metric)?.Direction is MetricDirection.LowerIsBetter ? value < other : value > other));

    /// <summary>Measures with the evaluator: the metric of the options alone.</summary>
    /// <exception cref="InputException">The metric is unknown, or cannot say which of two epochs is better.</exception>
    public static EvaluateModel WithEvaluator(TrainingSet train, TrainingOptions options)
    {
        var evaluation = new EvaluationOptions { Metrics = [options.Metric] };
        var evaluator = new Evaluator(train, options.Threads > 0 ? evaluation with { Threads = options.Threads } : evaluation);
        var metric = MetricCatalog.Find(options.Metric)!; // the evaluator has refused unknown names
        if (metric.Direction is MetricDirection.Descriptive)
        {
            throw new InputException($"The metric '{options.Metric}' describes lists or predictions; none of its values is better than another. Choose epochs by 'ndcg@10', 'auc' or another measure of quality.");
        }

        if (metric.HasCutoff && !options.Metric.Contains('@', StringComparison.Ordinal))
        {
            throw new InputException($"The metric '{options.Metric}' that chooses the best epoch needs one list length: write '{metric.Name}@10'.");
        }

        return (recommender, holdOut, cancellation) =>
        {
            var result = evaluator.Evaluate(recommender, holdOut, cancellation: cancellation);
            return result.Metrics.Count > 0 ? result.Metrics : throw new InputException(
                $"The validation part cannot choose the best epoch by '{options.Metric}'. {string.Join(" ", result.Notes)} Hold out more, or choose another metric.");
        };
    }
}
