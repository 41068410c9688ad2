using Tastemaker.Configuration;
using Tastemaker.Data.Splits;
using Tastemaker.Evaluation.Significance;
using Tastemaker.Runs;
using Tastemaker.Training;
using Tastemaker.Tuning.Trials;

namespace Tastemaker.Tuning;

/// <summary>Trains the best and the default setting once more, measures both on the test part, and tests the difference.</summary>
/// <param name="plan">The search.</param>
/// <param name="split">Its split.</param>
/// <param name="folder">The study's folder.</param>
internal sealed class FinalRuns(TuningPlan plan, Split split, TuningFolder folder)
{
    /// <summary>The outcome.</summary>
    /// <param name="trials">All trials.</param>
    /// <param name="train">Carries out a run on a split in a folder.</param>
    /// <exception cref="InputException">Every trial failed, or the split cannot be retrained on.</exception>
    public TuningOutcome Run(IReadOnlyList<Trial> trials, Func<RunConfiguration, Split, string, ExperimentResult> train)
    {
        var best = plan.Best(trials) ?? throw new InputException(
            [$"None of {trials.Count} trials gave a figure. What was reported:", .. trials.Select(trial => trial.Last?.Failure).OfType<string>().Distinct().Take(5)]);
        var data = plan.Tuning.Retrain ? split.WithValidationInTraining() : split;
        var tuned = Measure(best, data, train);
        var first = best.Number == 0 || trials[0].Failed ? null : Measure(trials[0], data, train);
        return new TuningOutcome
        {
            Plan = plan,
            Trials = trials,
            Best = best,
            Split = data,
            Tuned = tuned,
            Default = first ?? tuned,
            Comparison = first is null ? null : Compare(tuned, first),
        };
    }

    private RunFolder Measure(Trial trial, Split data, Func<RunConfiguration, Split, string, ExperimentResult> train)
    {
        var configuration = plan.Configuration(trial.Point);
        configuration = plan.Tuning.Retrain ? RetrainedEpochs.Of(configuration, trial.Last!.BestEpoch, data) : configuration;
        var result = train(configuration, data, Comparison.Folder(folder.Final(plan.Tuning.Retrain), configuration));
        result.Recommender.Dispose();
        return result.Folder!;
    }

    private ComparisonTable Compare(RunFolder tuned, RunFolder first)
    {
        var results = new[] { (TuningOutcome.TunedName, tuned.ReadResult()), (TuningOutcome.DefaultName, first.ReadResult()) };
        var metric = plan.Metric.ToLowerInvariant();
        var main = results[0].Item2.Metrics.ContainsKey(metric) ? metric : null;
        // One question, one test: the others' intervals are in the report.
        var options = new ComparisonOptions { Reference = TuningOutcome.DefaultName, MainMetric = main, TestedMetrics = main is null ? null : [main] };
        return ComparisonTable.Compare(results, options);
    }
}
