using Tastemaker.Artifacts;
using Tastemaker.Catalog;
using Tastemaker.Configuration;
using Tastemaker.Data.Splits;
using Tastemaker.Evaluation;
using Tastemaker.Options;
using Tastemaker.Recommending;
using Tastemaker.Training;
using Tastemaker.Training.Observers;

namespace Tastemaker.Runs;

/// <summary>One run from configuration to measured model: train, evaluate on the test part, store.</summary>
internal static class Experiment
{
    /// <summary>Runs, resumes, or reads back a completed run.</summary>
    /// <param name="configuration">What to run.</param>
    /// <param name="split">The data it names, split as it says.</param>
    /// <param name="folder">Where to store the run; null to store nothing.</param>
    /// <param name="observers">Watch the training.</param>
    /// <param name="progress">Receives the number of test requests measured.</param>
    /// <param name="cancellation">Stops the run; what is finished stays stored.</param>
    /// <exception cref="InputException">All that is wrong with the configuration, the data or the folder.</exception>
    /// <exception cref="OperationCanceledException">The run was stopped; the folder can be resumed.</exception>
    public static ExperimentResult Run(
        RunConfiguration configuration,
        Split split,
        string? folder = null,
        IReadOnlyList<ITrainingObserver>? observers = null,
        IProgress<int>? progress = null,
        CancellationToken cancellation = default)
    {
        TrainingCheck.Demand(configuration.System, configuration.Options, configuration.Training, split, SystemCatalog.Systems);
        if (folder is null)
        {
            return Measure(configuration, split, null, observers ?? [], progress, cancellation);
        }

        RunFolder.DemandRoom(folder);
        using var held = RunFolder.IsCompleted(folder) ? null : RunLock.Take(folder);
        var isNew = !RunFolder.Exists(folder);
        var run = RunFolder.Begin(folder, configuration, split);
        if (run.Manifest.State == RunStatus.Completed)
        {
            return new ExperimentResult(configuration, RecommenderFolder.Read(run.Measured, SystemCatalog.Find), run.ReadResult(), null, run);
        }

        run.Resume();
        try
        {
            using var log = new RunLog(run.Log);
            using var board = new TensorBoardObserver(run.TensorBoard);
            return Measure(configuration, split, run, [.. observers ?? [], log, board], progress, cancellation);
        }
        catch (InputException) when (isNew && run.HasNothing)
        {
            run.Discard(); // a refused setting does not stand in the way of the next
            throw;
        }
    }

    private static ExperimentResult Measure(
        RunConfiguration configuration, Split split, RunFolder? run, IReadOnlyList<ITrainingObserver> observers, IProgress<int>? progress, CancellationToken cancellation)
    {
        using var threads = Threads.Lend(configuration.Training.Threads);
        var evaluation = configuration.Evaluation with { Threads = Math.Min(configuration.Evaluation.Threads, Parallelism.Threads) };
        var evaluator = split.HasTest ? new Evaluator(split.Train, evaluation) : null; // before training, so that a wrong metric is known at once
        TrainedRecommender? recommender = null;
        try
        {
            (recommender, var end) = Fitting.Train(configuration.System, split, Origin(configuration, split), observers, run?.Checkpoints, cancellation);
            if (end.Reason == TrainingEnd.Interrupted)
            {
                if (run is not null && end.BestEpoch >= 0)
                {
                    // Usable as far as it came; the same command goes on with training.
                    RecommenderFolder.Write(recommender, run.Model);
                }

                throw new OperationCanceledException("Training was stopped.", cancellation);
            }

            var result = evaluator?.Evaluate(recommender, split.Test, progress, cancellation) ?? EvaluationResult.NotMeasured;
            var floor = PopularityFloor.Note(configuration.System, result, split, evaluation, recommender.Origin.Training.Metric, cancellation);
            result = result with { Notes = [.. end.Notes, .. floor, .. MeanFloor.Notes(configuration.System, result, split), .. result.Notes] };
            if (run is not null)
            {
                RecommenderFolder.Write(recommender, run.Model);
                run.Complete(result, recommender.Origin.BestEpoch, end.Seconds, TimeProvider.System.GetUtcNow());
            }

            return new ExperimentResult(configuration, recommender, result, end, run);
        }
        catch (Exception error)
        {
            recommender?.Dispose();
            if (error is OperationCanceledException)
            {
                run?.Interrupt();
            }

            throw;
        }
    }

    /// <summary>What a model that a configuration gives is stored with.</summary>
    public static RecommenderOrigin Origin(RunConfiguration configuration, Split split) => Origin(configuration.Options, configuration.Training, split);

    /// <summary>The same for options and a way to train.</summary>
    public static RecommenderOrigin Origin(ModelOptions options, TrainingOptions training, Split split) => new()
    {
        Options = options,
        Training = training,
        Data = split.Train.Data.Name,
        DataFingerprint = split.Train.Data.Fingerprint,
        StoreUntil = split.Train.Data.StoreUntil,
        Split = split.Description,
        SplitFingerprint = split.Fingerprint,
        RecommendsSeen = split.SeenAreCandidates,
        Library = LibraryVersion.Text,
    };
}
