using static TorchSharp.torch;

namespace Tastemaker.Training.Checkpoints;

/// <summary>Copies of named tensors as they were at one moment. Taking again reuses the memory.</summary>
internal sealed class TensorSnapshot : IDisposable
{
    private readonly Dictionary<string, Tensor> tensors = [];

    /// <summary>The copies.</summary>
    public IReadOnlyDictionary<string, Tensor> Tensors => tensors;

    /// <summary>Copies all; what was there before is gone.</summary>
    public void Take(IReadOnlyDictionary<string, Tensor> source)
    {
        using var grad = no_grad();
        foreach (var gone in tensors.Keys.Except(source.Keys).ToList())
        {
            tensors[gone].Dispose();
            tensors.Remove(gone);
        }

        foreach (var (name, tensor) in source)
        {
            if (tensors.TryGetValue(name, out var copy) && copy.shape.SequenceEqual(tensor.shape))
            {
                copy.copy_(tensor);
                continue;
            }

            copy?.Dispose();
            tensors[name] = tensor.detach().clone().DetachFromDisposeScope();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var tensor in tensors.Values)
        {
            tensor.Dispose();
        }
    }
}
