using System.Diagnostics;
using Tastemaker.Data;
using Tastemaker.Data.Splits;
using Tastemaker.Options;
using Tastemaker.Recommending;
using Tastemaker.Training.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;

namespace Tastemaker.Training;

/// <summary>
/// The training loop: the epochs of any <see cref="Model"/>, validated, early-stopped, checkpointed, resumable, observed. Knows no concrete
/// system.
/// </summary>
/// <param name="options">How the run is carried out.</param>
/// <param name="observers">Watch it, in this order.</param>
/// <param name="measure">Measures the model on the validation part; null for the evaluator with <see cref="TrainingOptions.Metric"/>.</param>
internal sealed class Trainer(TrainingOptions options, IReadOnlyList<ITrainingObserver> observers, EvaluateModel? measure = null)
{
    /// <summary>Trains a model in place and leaves the best epoch's weights in it, or the last finished epoch's where none is measured.</summary>
    /// <param name="model">Untrained; or the same model again to resume from <paramref name="checkpoints"/>.</param>
    /// <param name="split">Training part, and the validation part that chooses the epoch.</param>
    /// <param name="recommender">The model as a recommender, for validation.</param>
    /// <param name="checkpoints">Folder for checkpoints; null to keep none. If it holds one, training resumes after it.</param>
    /// <param name="cancellation">
    /// Ends training after the running step; finished epochs stay saved. Without checkpoints and validation, the steps of the unfinished
    /// epoch stay in the model.
    /// </param>
    /// <param name="epochs">Epochs after which training ends although the schedule of the model is longer, as known from an earlier run; null for all.</param>
    /// <exception cref="InputException">
    /// The loss stopped being a number, the metric cannot be had, the device is not there, or the checkpoints are of another run.
    /// </exception>
    public TrainingEvent.Finished Train(
        Model model, Split split, IRecommender recommender, string? checkpoints, CancellationToken cancellation, int? epochs = null)
    {
        var clock = Stopwatch.StartNew();
        var device = Devices.Find(options.Device);
        // Made before anything is trained, because it refuses metrics that it does not know.
        var validate = split.Validation is null ? null : measure ?? Validation.WithEvaluator(split.Train, options);
        using var threads = Threads.Lend(options.Threads);
        model.to(device);
        using var training = model.Begin(split.Train, options);
        using var keeper = new CheckpointManager(model, training, options, checkpoints, RunFingerprint.Of(model, split, options), Send);
        var run = keeper.Resume();
        var planned = Math.Min(epochs ?? model.Plan.Epochs, model.Plan.Epochs);
        Send(new TrainingEvent.Started(
            model.GetName(), run.Epochs, planned, training.StepsPerEpoch, model.parameters().Sum(parameter => parameter.numel()), device.ToString())
        {
            PretrainingEpochs = Math.Min(model.Plan.FirstMeasured, planned),
            History = [.. run.History.Select(epoch => epoch.ToEvent())],
        });
        (run, var reason) = RunEpochs(model, training, split, recommender, validate, keeper, run, planned, cancellation);
        var notes = TrainingNotes.Of(model.Plan, training, run, reason, options);
        training.Dispose();
        keeper.End(run, reason);
        model.eval();
        var finished = new TrainingEvent.Finished(run.BestEpoch ?? run.Epochs - 1, run.BestMetric, reason, clock.Elapsed.TotalSeconds) { Notes = notes };
        Send(finished);
        return finished;
    }

    private (RunState Run, TrainingEnd Reason) RunEpochs(
        Model model, ITraining training, Split split, IRecommender recommender, EvaluateModel? validate, CheckpointManager keeper, RunState run, int epochs, CancellationToken cancellation)
    {
        try
        {
            while (run.Epochs < epochs)
            {
                if (EarlyStopping.IsDue(run, model.Plan, options))
                {
                    return (run, TrainingEnd.StoppedEarly);
                }

                cancellation.ThrowIfCancellationRequested();
                run = run.With(RunEpoch(model, training, split, recommender, validate, run.Epochs, cancellation), options.Metric, model.Plan);
                Send(run.History[^1].ToEvent());
                keeper.Keep(run);
            }

            return (run, TrainingEnd.Completed);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return (run, TrainingEnd.Interrupted);
        }
    }

    private EpochRecord RunEpoch(
        Model model, ITraining training, Split split, IRecommender recommender, EvaluateModel? validate, int epoch, CancellationToken cancellation)
    {
        // Dropout and all else that torch draws depends on seed and epoch alone, so that a resumed run draws what the first would have drawn.
        manual_seed((long)(new SeededRandom(options.Seed, (ulong)epoch + 1, ulong.MaxValue).NextBits() >> 1));
        var progress = new Progress(epoch, Send);
        model.train();
        var loss = training.RunEpoch(new EpochContext(split.Train, epoch, options, progress.Report, cancellation));
        var (seconds, speed) = (progress.Seconds, progress.SamplesPerSecond);
        model.eval();
        var due = epoch >= model.Plan.FirstMeasured && ((epoch + 1) % options.ValidateEvery == 0 || epoch + 1 == model.Plan.Epochs); // before, it cannot be the best
        var metrics = due && validate is not null ? validate(recommender, split.Validation!, cancellation) : EpochRecord.NoMetrics;
        return new EpochRecord(epoch, loss, metrics, IsBest: false, seconds, speed, Environment.WorkingSet);
    }

    private void Send(TrainingEvent trainingEvent)
    {
        foreach (var observer in observers)
        {
            observer.On(trainingEvent);
        }
    }
}
