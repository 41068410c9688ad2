using System.Diagnostics;
using Tastemaker.Options;
using static TorchSharp.torch;

namespace Tastemaker.Training.Checkpoints;

/// <summary>Keeps what must not be lost: the weights of the best epoch in memory, and checkpoints on disk.</summary>
internal sealed class CheckpointManager : IDisposable
{
    private readonly Model model;
    private readonly ITraining training;
    private readonly TrainingOptions options;
    private readonly CheckpointFolder? folder;
    private readonly Action<TrainingEvent> send;
    private readonly TensorSnapshot best = new();
    private readonly TensorSnapshot lastState = new();
    private readonly TensorSnapshot lastTraining = new();
    private readonly Stopwatch sinceSaved = Stopwatch.StartNew();
    private int savedEpochs;

    /// <summary>Keeps the run of a model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="training">Its training.</param>
    /// <param name="options">How often to save.</param>
    /// <param name="path">Folder for checkpoints; null for none.</param>
    /// <param name="identity">What the run depends on.</param>
    /// <param name="send">Receives events.</param>
    public CheckpointManager(Model model, ITraining training, TrainingOptions options, string? path, IReadOnlyDictionary<string, string> identity, Action<TrainingEvent> send)
    {
        (this.model, this.training) = (model, training);
        this.options = options;
        this.send = send;
        folder = path is null ? null : new CheckpointFolder(path, identity);
    }

    /// <summary>Puts the newest checkpoint, if there is one, into the model.</summary>
    /// <returns>How far the run is.</returns>
    public RunState Resume()
    {
        using var scope = NewDisposeScope();
        if (folder?.Load(message => send(new TrainingEvent.Warned(message))) is not { } checkpoint)
        {
            return new RunState();
        }

        model.Restore(checkpoint.State);
        lastTraining.Take(checkpoint.Training); // the model may look at it only when its next epoch begins
        training.Restore(lastTraining.Tensors);
        if (checkpoint.Run.BestEpoch is not null)
        {
            best.Take(checkpoint.Best ?? checkpoint.State);
        }

        savedEpochs = checkpoint.Run.Epochs;
        return checkpoint.Run;
    }

    /// <summary>An epoch is finished: keeps its weights if they are the best, and saves a checkpoint if one is due.</summary>
    public void Keep(RunState run)
    {
        using var scope = NewDisposeScope();
        var last = run.Epochs == model.Plan.Epochs;
        if (run.BestEpoch == run.Epochs - 1 && !last)
        {
            best.Take(model.State());
        }

        if (folder is not null && (last || (run.Epochs % options.CheckpointEvery == 0 && sinceSaved.Elapsed.TotalSeconds >= options.CheckpointSeconds)))
        {
            Save(run, model.State(), training.State());
        }
        else if (folder is not null)
        {
            // An interruption comes in the middle of an epoch, when this one's weights are gone.
            lastState.Take(model.State());
            lastTraining.Take(training.State());
        }
    }

    /// <summary>The run ends: saves the last finished epoch if it is not, and leaves the weights that count in the model.</summary>
    public void End(RunState run, TrainingEnd reason)
    {
        using var scope = NewDisposeScope();
        if (folder is not null && savedEpochs < run.Epochs)
        {
            Save(run, lastState.Tensors, lastTraining.Tensors);
        }

        var interrupted = reason is TrainingEnd.Interrupted;
        if (run.BestEpoch is { } epoch && (epoch < run.Epochs - 1 || interrupted))
        {
            model.Restore(best.Tensors);
        }
        else if (run.Epochs > 0 && interrupted && folder?.Load(_ => { }) is { } checkpoint)
        {
            model.Restore(checkpoint.State);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        best.Dispose();
        lastState.Dispose();
        lastTraining.Dispose();
    }

    private void Save(RunState run, IReadOnlyDictionary<string, Tensor> state, IReadOnlyDictionary<string, Tensor> training)
    {
        var another = run.BestEpoch is { } epoch && epoch < run.Epochs - 1;
        var path = folder!.Save(new Checkpoint(run, state, training, another ? best.Tensors : null));
        savedEpochs = run.Epochs;
        sinceSaved.Restart();
        send(new TrainingEvent.CheckpointSaved(run.Epochs - 1, path));
    }
}
