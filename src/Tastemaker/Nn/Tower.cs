using static TorchSharp.torch;

namespace Tastemaker.Nn;

/// <summary>
/// Fully connected layers with an activation between them, and after the last where the system wants it. Where asked for, outputs are batch
/// normalized before each activation, and dropped at random after it.
/// </summary>
public sealed class Tower : nn.Module<Tensor, Tensor>
{
    private readonly TorchSharp.Modules.ModuleList<Dense> layers;
    private readonly TorchSharp.Modules.ModuleList<BatchNorm>? norms; // null where there are none: saved models name what is in them
    private readonly Func<Tensor, Tensor> activation;
    private readonly bool activatesLast;
    private readonly double dropout;

    /// <summary>Layers of the given widths.</summary>
    /// <param name="input">Numbers in.</param>
    /// <param name="widths">Numbers out of each layer; empty for the identity.</param>
    /// <param name="activation">Applied after each layer.</param>
    /// <param name="activatesLast">Whether also after the last.</param>
    /// <param name="weights">Fills weights.</param>
    /// <param name="biases">Fills biases; null for zeros.</param>
    /// <param name="dropout">Share of activated outputs dropped in training.</param>
    /// <param name="isNormalized">Whether outputs are batch normalized before they are activated.</param>
    public Tower(
        long input,
        IReadOnlyList<int> widths,
        Func<Tensor, Tensor> activation,
        bool activatesLast,
        Action<Tensor> weights,
        Action<Tensor>? biases = null,
        double dropout = 0,
        bool isNormalized = false)
        : base(nameof(Tower))
    {
        this.activation = activation;
        this.activatesLast = activatesLast;
        this.dropout = dropout;
        Dense[] made = [.. widths.Select((width, layer) => new Dense(layer == 0 ? input : widths[layer - 1], width, weights, biases))];
        layers = nn.ModuleList(made);
        norms = isNormalized ? nn.ModuleList([.. (activatesLast ? widths : widths.SkipLast(1)).Select(width => new BatchNorm(width))]) : null;
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
        for (var layer = 0; layer < layers.Count - 1; layer++)
        {
            x = Activate(layer, layers[layer].forward(x));
        }

        return x;
    }

    /// <summary>Runs the layers from <paramref name="first"/> on: for callers that compute the ones before in a cheaper way.</summary>
    public Tensor From(int first, Tensor x)
    {
        for (var layer = first; layer < layers.Count; layer++)
        {
            x = layers[layer].forward(x);
            x = layer < layers.Count - 1 || activatesLast ? Activate(layer, x) : x;
        }

        return x;
    }

    private Tensor Activate(int layer, Tensor x)
    {
        x = activation(norms is null ? x : norms[layer].forward(x));
        return dropout > 0 && training ? nn.functional.dropout(x, dropout) : x;
    }
}
