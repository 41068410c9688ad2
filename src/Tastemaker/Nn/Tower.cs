using static TorchSharp.torch;

namespace Tastemaker.Nn;

/// <summary>Fully connected layers with an activation between them, and after the last where the system wants it.</summary>
internal sealed class Tower : nn.Module<Tensor, Tensor>
{
    private readonly TorchSharp.Modules.ModuleList<Dense> layers;
    private readonly Func<Tensor, Tensor> activation;
    private readonly bool activatesLast;

    /// <summary>Layers of the given widths.</summary>
    /// <param name="input">Numbers in.</param>
    /// <param name="widths">Numbers out of each layer; empty for the identity.</param>
    /// <param name="activation">Applied after each layer.</param>
    /// <param name="activatesLast">Whether also after the last.</param>
    /// <param name="weights">Fills weights.</param>
    /// <param name="biases">Fills biases; null for zeros.</param>
    public Tower(
        long input,
        IReadOnlyList<int> widths,
        Func<Tensor, Tensor> activation,
        bool activatesLast,
        Action<Tensor> weights,
        Action<Tensor>? biases = null)
        : base(nameof(Tower))
    {
        this.activation = activation;
        this.activatesLast = activatesLast;
        Dense[] made = [.. widths.Select((width, layer) => new Dense(layer == 0 ? input : widths[layer - 1], width, weights, biases))];
        layers = nn.ModuleList(made);
        Layers = made;
        RegisterComponents();
    }

    /// <summary>The layers, first to last.</summary>
    public IReadOnlyList<Dense> Layers { get; }

    /// <inheritdoc/>
    public override Tensor forward(Tensor x) => From(0, x);

    /// <summary>Runs all layers but the last: for callers that join the last with what follows it.</summary>
    public Tensor BeforeLast(Tensor x)
    {
        foreach (var layer in layers.SkipLast(1))
        {
            x = activation(layer.forward(x));
        }

        return x;
    }

    /// <summary>Runs the layers from <paramref name="first"/> on: for callers that compute the ones before in a cheaper way.</summary>
    public Tensor From(int first, Tensor x)
    {
        for (var layer = first; layer < layers.Count; layer++)
        {
            x = layers[layer].forward(x);
            x = layer < layers.Count - 1 || activatesLast ? activation(x) : x;
        }

        return x;
    }
}
