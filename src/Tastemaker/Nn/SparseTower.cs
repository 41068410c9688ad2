using static TorchSharp.torch;

namespace Tastemaker.Nn;

/// <summary>A <see cref="Tower"/> whose first layer reads sparse rows: the encoder of autoencoders over interactions.</summary>
internal sealed class SparseTower : nn.Module
{
    private readonly SparseLinear first;
    private readonly Tower rest;
    private readonly Func<Tensor, Tensor> activation;
    private readonly bool activatesFirst;

    /// <summary>Layers of the given widths, at least one, on rows of <paramref name="columns"/> sparse inputs; see <see cref="Tower"/>.</summary>
    public SparseTower(
        long columns,
        IReadOnlyList<int> widths,
        Func<Tensor, Tensor> activation,
        bool activatesLast,
        Action<Tensor> weights,
        Action<Tensor> biases)
        : base(nameof(SparseTower))
    {
        this.activation = activation;
        activatesFirst = activatesLast || widths.Count > 1;
        first = new SparseLinear(columns, widths[0], weights, biases);
        rest = new Tower(widths[0], [.. widths.Skip(1)], activation, activatesLast, weights, biases);
        RegisterComponents();
    }

    /// <summary>The weight matrices, first to last.</summary>
    public IEnumerable<Tensor> Weights => rest.Layers.Select(layer => (Tensor)layer.Weight).Prepend(first.Weight);

    /// <summary>The output [B, last width]; arguments as of <see cref="SparseLinear.Forward"/>.</summary>
    public Tensor Forward(Tensor columns, Tensor offsets, Tensor values)
    {
        var x = first.Forward(columns, offsets, values);
        return rest.forward(activatesFirst ? activation(x) : x);
    }
}
