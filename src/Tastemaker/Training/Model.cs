using Tastemaker.Data;
using Tastemaker.Options;
using Tastemaker.Recommending;
using static TorchSharp.torch;

namespace Tastemaker.Training;

/// <summary>
/// A system that learns epoch by epoch and scores the catalog: the one contract that all training procedures share. Systems trained by plain
/// gradient descent derive from <see cref="GradientModel{TBatch}"/>; closed forms, alternating solvers, contrastive divergence, games and
/// agents derive from here. Parameters are registered as torch modules do, or given by <see cref="State"/>.
/// </summary>
internal abstract class Model(string name, ModelShape shape, ModelOptions? options = null) : nn.Module(name)
{
    /// <summary>Sizes of the data.</summary>
    public ModelShape Shape { get; } = shape;

    /// <summary>The options it was made with, so that a run is resumed only with the same. The catalog's <see cref="Systems.SystemInfo.Create"/> sets them.</summary>
    public ModelOptions? HyperParameters { get; set; } = options;

    /// <summary>Epochs to train at most; 1 for closed forms.</summary>
    public abstract int Epochs { get; }

    /// <summary>Whether the weights of the best validated epoch are worth keeping apart; false for solvers that only improve.</summary>
    public virtual bool KeepsBest => true;

    /// <summary>The first epoch (from 0) after which early stopping and best-epoch choice may apply; later than 0 after pre-training stages.</summary>
    public virtual int FirstMeasuredEpoch => 0;

    /// <summary>Steps an epoch, for progress; known after <see cref="BeginTraining"/>.</summary>
    public virtual int StepsAnEpoch => 1;

    /// <summary>Updates of the weights per epoch where they are learned by gradient descent on batches; null elsewhere. Known after <see cref="BeginTraining"/>.</summary>
    public virtual int? UpdatesPerEpoch => null;

    /// <summary>What the user should know of how a run that has ended went, beyond what holds for all systems; null for nothing.</summary>
    public virtual string? NoteOn(RunState run) => null;

    /// <summary>Called once before the first epoch of a process, also when resuming: makes batch sources and optimizers.</summary>
    public virtual void BeginTraining(TrainingSet train, TrainingOptions options)
    {
    }

    /// <summary>Called once after the last epoch of a process: frees what only training needs.</summary>
    public virtual void EndTraining()
    {
    }

    /// <summary>
    /// Trains one epoch. Tensors kept beyond it must not belong to a dispose scope that ends with it; temporary ones must.
    /// </summary>
    /// <returns>The mean loss of the epoch, or null where the system has none.</returns>
    public abstract double? TrainEpoch(EpochContext context);

    /// <summary>
    /// Scores every item for every request into row-major [requests, items]. Called in evaluation mode, under no_grad, inside a dispose scope,
    /// from many threads at once. Requests are of kinds the catalog entry says the system answers: users are indexes below
    /// <see cref="ModelShape.Users"/> (or -1 where the history is to be folded in), histories are not empty where the system needs them.
    /// </summary>
    public abstract void Score(RequestBatch requests, Span<float> scores);

    /// <summary>One vector an item [items, dim], whose cosine says how alike items are; null to let a one-item history be scored instead.</summary>
    public virtual Tensor? ItemVectors => null;

    /// <summary>What is saved: everything <see cref="Score"/> depends on. Default: the module's parameters and buffers.</summary>
    public virtual IReadOnlyDictionary<string, Tensor> State() => state_dict();

    /// <summary>Takes over saved tensors (which stay the caller's). Default: copies into parameters and buffers of the same names and shapes.</summary>
    /// <exception cref="InputException">A tensor is missing or has another shape.</exception>
    public virtual void Restore(IReadOnlyDictionary<string, Tensor> state)
    {
        using var grad = no_grad();
        foreach (var (key, tensor) in state_dict())
        {
            if (!state.TryGetValue(key, out var saved) || !saved.shape.SequenceEqual(tensor.shape))
            {
                throw new InputException(
                    $"The saved model has no weights '{key}' of shape [{string.Join(", ", tensor.shape)}]; it was made with other options or another version.");
            }

            tensor.copy_(saved);
        }
    }

    /// <summary>What resuming needs beyond <see cref="State"/>: optimizer moments and counters. The tensors stay the model's.</summary>
    public virtual IReadOnlyDictionary<string, Tensor> TrainingState() => new Dictionary<string, Tensor>();

    /// <summary>Takes over a saved <see cref="TrainingState"/>, after <see cref="BeginTraining"/>.</summary>
    public virtual void RestoreTraining(IReadOnlyDictionary<string, Tensor> state)
    {
    }
}
