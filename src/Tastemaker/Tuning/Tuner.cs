using Tastemaker.Catalog;
using Tastemaker.Configuration;
using Tastemaker.Data.Splits;
using Tastemaker.Options;
using Tastemaker.Runs;
using Tastemaker.Tuning.Trials;

namespace Tastemaker.Tuning;

/// <summary>Searches hyper-parameters: the front door of the library's tuning.</summary>
public static class Tuner
{
    /// <summary>
    /// Tries settings of a system, chooses the best on the validation part, trains it and the default once more, and tests the difference on the test
    /// part. A folder that holds the same search is gone on with.
    /// </summary>
    /// <param name="system">Id of a system, such as "multi-vae".</param>
    /// <param name="split">A split with a validation part.</param>
    /// <param name="folder">Where the journal, the trials, the report and the recipe of the best are written.</param>
    /// <param name="tuning">How to search; null for the defaults. Trials run one after the other: several at a time need processes, which the command 'taste tune' starts.</param>
    /// <param name="options">The default setting, from which searched options are varied; null for the system's.</param>
    /// <param name="training">How every trial is trained; null for the defaults. Its metric is what is searched for.</param>
    /// <param name="cancellation">Stops; call again to go on.</param>
    /// <exception cref="InputException">All that is wrong with options, ranges and split; or the folder holds another search.</exception>
    /// <exception cref="OperationCanceledException">The search was stopped.</exception>
    public static TuningResult Run(
        string system,
        Split split,
        string folder,
        TuningOptions? tuning = null,
        ModelOptions? options = null,
        TrainingOptions? training = null,
        CancellationToken cancellation = default)
    {
        var info = SystemCatalog.Find(system);
        var start = new RunConfiguration { System = info, Options = options ?? info.DefaultOptions, Training = training ?? new TrainingOptions() };
        var plan = TuningPlan.Of(start, (tuning ?? new TuningOptions()) with { Parallel = 1 }, split);
        var outcome = Run(plan, split, new TuningFolder(folder), cancellation: cancellation);
        return new TuningResult
        {
            Options = plan.Configuration(outcome.Best.Point).Options,
            ValidationMetric = outcome.Best.Last!.Metric!.Value,
            Trials = outcome.Trials.Count,
            Comparison = outcome.Comparison,
        };
    }

    /// <summary>The same for a plan that was checked.</summary>
    /// <param name="plan">What is searched, and how.</param>
    /// <param name="split">Its split.</param>
    /// <param name="folder">Where to.</param>
    /// <param name="runner">Makes what trains trials; null for this process.</param>
    /// <param name="train">Carries out the final runs; null for <see cref="Experiment"/> unobserved.</param>
    /// <param name="observer">Watches the search.</param>
    /// <param name="cancellation">Stops; call again to go on.</param>
    internal static TuningOutcome Run(
        TuningPlan plan,
        Split split,
        TuningFolder folder,
        Func<ITrialRunner>? runner = null,
        Func<RunConfiguration, Split, string, ExperimentResult>? train = null,
        ITuningObserver? observer = null,
        CancellationToken cancellation = default)
    {
        // What the final runs could not do must be known before the first trial.
        _ = plan.Tuning.Retrain ? split.WithValidationInTraining() : split;
        using var journal = Journal.Open(folder.Journal);
        var trials = new TrialSearch(plan, observer).Run(journal, runner ?? (() => new LocalTrials(plan, split, folder, [])), cancellation);
        var outcome = new FinalRuns(plan, split, folder).Run(
            trials, train ?? ((configuration, data, run) => Experiment.Run(configuration, data, run, cancellation: cancellation)));
        outcome.Write(folder);
        foreach (var trial in trials.Where(trial => RunFolder.Exists(folder.Trial(trial.Number))))
        {
            RunFolder.Open(folder.Trial(trial.Number)).DropCheckpoints(); // a trial that is continued later begins anew, to the same result
        }

        return outcome;
    }
}
