using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Tastemaker.Nn;

/// <summary>
/// Filters over successive rows of windows, as a product of matrices. The native convolutions of libtorch 2.10 gave values that are no number on processors of AMD's Zen 5.
/// </summary>
internal sealed class RowFilters : nn.Module<Tensor, Tensor>
{
    private readonly Parameter weight; // [filters, d, height]
    private readonly Parameter bias; // [filters]

    /// <summary>Filters with random weights.</summary>
    /// <param name="dimension">d: length of a row.</param>
    /// <param name="filters">Number of filters.</param>
    /// <param name="height">Rows that a filter spans.</param>
    public RowFilters(int dimension, int filters, int height)
        : base(nameof(RowFilters))
    {
        (weight, bias) = (nn.Parameter(empty(filters, dimension, height)), nn.Parameter(empty(filters)));
        var uniform = Initializers.Uniform(1 / Math.Sqrt(dimension * height));
        using var grad = no_grad();
        uniform(weight);
        uniform(bias);
        RegisterComponents();
    }

    /// <summary>Windows [n, L, d] to what each filter gives at each place [n, L - height + 1, filters].</summary>
    public override Tensor forward(Tensor windows) => windows.unfold(1, weight.shape[2], 1).flatten(2).matmul(weight.flatten(1).t()) + bias;
}
