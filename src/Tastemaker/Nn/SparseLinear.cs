using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Tastemaker.Nn;

/// <summary>
/// The first layer of systems that read a whole row of the interaction matrix: x W + b for sparse x, as a weighted sum of rows of W. Costs what
/// is in x, never a dense [batch, items]. Repeated columns of a row add up; an empty row gives b.
/// </summary>
internal sealed class SparseLinear : nn.Module
{
    private readonly EmbeddingBag rows; // fields, because state_dict names parameters by their fields
    private readonly Parameter bias;

    /// <summary>A layer from <paramref name="columns"/> sparse inputs to <paramref name="output"/> numbers.</summary>
    public SparseLinear(long columns, long output, Action<Tensor> weights, Action<Tensor> biases)
        : base(nameof(SparseLinear))
    {
        rows = nn.EmbeddingBag(columns, output, mode: EmbeddingBagMode.Sum, include_last_offset: true);
        bias = nn.Parameter(empty(output));
        using (no_grad())
        {
            weights(rows.weight!);
            biases(bias);
        }

        RegisterComponents();
    }

    /// <summary>Weights [columns, output]: item-major, the transpose of a dense layer's.</summary>
    public Parameter Weight => rows.weight!;

    /// <summary>Biases [output].</summary>
    public Parameter Bias => bias;

    /// <summary>The layer's output [B, output].</summary>
    /// <param name="columns">Columns of all rows [nnz], int32 or int64.</param>
    /// <param name="offsets">Row starts [B + 1], of the same type.</param>
    /// <param name="values">Values beside <paramref name="columns"/> [nnz]. No gradient is taken of them.</param>
    public Tensor Forward(Tensor columns, Tensor offsets, Tensor values) => rows.call(columns, offsets, values) + bias;
}
