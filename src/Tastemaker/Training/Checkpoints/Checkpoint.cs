using static TorchSharp.torch;

namespace Tastemaker.Training.Checkpoints;

/// <summary>A run as it was after an epoch.</summary>
/// <param name="Run">How far it was.</param>
/// <param name="State">The model's weights.</param>
/// <param name="Training">Optimizer moments and counters.</param>
/// <param name="Best">The weights of the best epoch, where that is another one; otherwise null.</param>
internal sealed record Checkpoint(
    RunState Run, IReadOnlyDictionary<string, Tensor> State, IReadOnlyDictionary<string, Tensor> Training, IReadOnlyDictionary<string, Tensor>? Best);
