using static TorchSharp.torch;

namespace Tastemaker.Training.Optimizers;

/// <summary>Several optimizers, each over parameters of its own, that take their steps together on one gradient.</summary>
/// <param name="parts">A name for the state, the optimizer (owned), and its learning rate as a multiple of the common one.</param>
internal sealed class JointOptimizer(params IReadOnlyList<(string Name, IOptimizer Optimizer, double Rate)> parts) : IOptimizer
{
    /// <inheritdoc/>
    public void Step(double learningRate)
    {
        foreach (var (_, optimizer, rate) in parts)
        {
            optimizer.Step(learningRate * rate);
        }
    }

    /// <inheritdoc/>
    public void ZeroGradients()
    {
        foreach (var (_, optimizer, _) in parts)
        {
            optimizer.ZeroGradients();
        }
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, Tensor> State() =>
        parts.SelectMany(part => part.Optimizer.State().Select(pair => KeyValuePair.Create($"{part.Name}|{pair.Key}", pair.Value))).ToDictionary();

    /// <inheritdoc/>
    public void Restore(IReadOnlyDictionary<string, Tensor> state)
    {
        foreach (var (name, optimizer, _) in parts)
        {
            optimizer.Restore(state.Where(pair => pair.Key.StartsWith(name + "|", StringComparison.Ordinal)).ToDictionary(pair => pair.Key[(name.Length + 1)..], pair => pair.Value));
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var (_, optimizer, _) in parts)
        {
            optimizer.Dispose();
        }
    }
}
