using static TorchSharp.torch;

namespace Tastemaker.Nn;

/// <summary>A fully connected layer, x W' + b.</summary>
internal sealed class Dense : nn.Module<Tensor, Tensor>
{
    /// <summary>A layer from <paramref name="input"/> to <paramref name="output"/> numbers.</summary>
    /// <param name="input">Numbers in.</param>
    /// <param name="output">Numbers out.</param>
    /// <param name="weights">Fills the weights; given as [output, input].</param>
    /// <param name="biases">Fills the biases; null for zeros.</param>
    public Dense(long input, long output, Action<Tensor> weights, Action<Tensor>? biases = null)
        : base(nameof(Dense))
    {
        Weight = nn.Parameter(empty(output, input));
        Bias = nn.Parameter(empty(output));
        using (no_grad())
        {
            weights(Weight);
            (biases ?? Initializers.Zeros)(Bias);
        }

        RegisterComponents();
    }

    /// <summary>Weights [output, input].</summary>
    public TorchSharp.Modules.Parameter Weight { get; }

    /// <summary>Biases [output].</summary>
    public TorchSharp.Modules.Parameter Bias { get; }

    /// <inheritdoc/>
    public override Tensor forward(Tensor x) => nn.functional.linear(x, Weight, Bias); // [..., input] -> [..., output]
}
