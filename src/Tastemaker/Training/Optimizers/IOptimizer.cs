using static TorchSharp.torch;

namespace Tastemaker.Training.Optimizers;

/// <summary>Updates parameters from their gradients.</summary>
internal interface IOptimizer : IDisposable
{
    /// <summary>One update of every parameter that has a gradient.</summary>
    void Step(double learningRate);

    /// <summary>Drops all gradients, before or after a step.</summary>
    void ZeroGradients();

    /// <summary>Moments and counters by name; the tensors stay the optimizer's.</summary>
    IReadOnlyDictionary<string, Tensor> State();

    /// <summary>Copies a saved <see cref="State"/> in.</summary>
    /// <exception cref="InputException">A tensor is missing or has another shape.</exception>
    void Restore(IReadOnlyDictionary<string, Tensor> state);
}
