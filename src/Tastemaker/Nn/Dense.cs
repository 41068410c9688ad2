using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Tastemaker.Nn;

/// <summary>A fully connected layer, x W' + b.</summary>
public sealed class Dense : nn.Module<Tensor, Tensor>
{
    private readonly Parameter weight; // fields, because state_dict names parameters by their fields
    private readonly Parameter bias;

    /// <summary>A layer from <paramref name="input"/> to <paramref name="output"/> numbers.</summary>
    /// <param name="input">Numbers in.</param>
    /// <param name="output">Numbers out.</param>
    /// <param name="weights">Fills the weights; given as [output, input].</param>
    /// <param name="biases">Fills the biases; null for zeros.</param>
    public Dense(long input, long output, Action<Tensor> weights, Action<Tensor>? biases = null)
        : base(nameof(Dense))
    {
        weight = nn.Parameter(empty(output, input));
        bias = nn.Parameter(empty(output));
        using (no_grad())
        {
            weights(weight);
            (biases ?? Initializers.Zeros)(bias);
        }

        RegisterComponents();
    }

    /// <summary>Weights [output, input].</summary>
    public Parameter Weight => weight;

    /// <summary>Biases [output].</summary>
    public Parameter Bias => bias;

    /// <summary>Whether training multiplies in bfloat16; chosen by the trainer before the first step.</summary>
    internal bool TrainsInBFloat16 { get; set; }

    /// <inheritdoc/>
    public override Tensor forward(Tensor x) // [..., input] -> [..., output]
    {
        if (!TrainsInBFloat16 || !training)
        {
            return nn.functional.linear(x, weight, bias);
        }

        // What torch's autocast does, which TorchSharp does not bind: the product and its gradients in bfloat16, weights and their sums in float32.
        return nn.functional.linear(x.to(bfloat16), weight.to(bfloat16)).to(float32) + bias;
    }
}
