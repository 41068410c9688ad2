using static TorchSharp.torch;

namespace Tastemaker.Training;

/// <summary>
/// The training of a model, from its first epoch in a process to its last: batches, optimizers and all else that scoring does not need. What gradient descent, games
/// and solvers differ in. Disposed when training ends.
/// </summary>
public interface ITraining : IDisposable
{
    /// <summary>Steps per epoch, for progress.</summary>
    int StepsPerEpoch => 1;

    /// <summary>Updates of the weights per epoch where they are learned by gradient descent on batches; null elsewhere.</summary>
    int? UpdatesPerEpoch => null;

    /// <summary>How a user gets more updates from a system that learns from batches.</summary>
    internal const string SmallerBatches = "lower batch-size or raise epochs";

    /// <summary>What the user can do where a run had too few updates.</summary>
    internal string MoreUpdates => SmallerBatches;

    /// <summary>Trains one epoch. Tensors kept beyond it must not belong to a dispose scope that ends with it; temporary ones must.</summary>
    /// <returns>The mean loss of the epoch, or null where the system has none.</returns>
    double? RunEpoch(EpochContext context);

    /// <summary>What resuming needs beyond the model's own state: optimizer moments and counters. The tensors stay the training's.</summary>
    IReadOnlyDictionary<string, Tensor> State() => new Dictionary<string, Tensor>();

    /// <summary>Takes over a saved <see cref="State"/>, before the first epoch of a process. The tensors stay the caller's and live until that epoch has begun.</summary>
    void Restore(IReadOnlyDictionary<string, Tensor> state)
    {
    }

    /// <summary>What the user should know of how a run that has ended went, beyond what holds for all systems; null for nothing.</summary>
    string? NoteOn(RunState run) => null;
}
