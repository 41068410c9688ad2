using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Tastemaker.Nn;

/// <summary>
/// Filters over successive rows of windows, as a product of matrices. The native convolutions of libtorch 2.10 gave wrong values on processors of AMD's Zen 5.
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

    /// <summary>
    /// The largest value of each filter over the windows that lie within a text [n, filters]; of a text shorter than the filters, the value of its one window, which zeros fill. What stands beyond the end of a text has no part.
    /// </summary>
    /// <param name="rows">Texts padded on the right [n, L, d].</param>
    /// <param name="isRow">1 for the rows of a text and 0 for padding [n, L].</param>
    public Tensor Largest(Tensor rows, Tensor isRow)
    {
        var (length, height) = (rows.shape[1], weight.shape[2]);
        var padded = cat([rows * isRow.unsqueeze(2), zeros(rows.shape[0], height - 1, rows.shape[2], device: rows.device)], 1); // [n, L + height - 1, d]
        var last = (isRow.sum(1, keepdim: true) - height).clamp_min(0); // where the last window within the text begins [n, 1]
        return forward(padded).masked_fill(arange(length, device: rows.device).unsqueeze(0).gt(last).unsqueeze(2), float.NegativeInfinity).amax([1]);
    }

    /// <summary>The largest values of filters of several heights side by side [n, all filters].</summary>
    public static Tensor Largest(IEnumerable<RowFilters> filters, Tensor rows, Tensor isRow) => cat([.. filters.Select(some => some.Largest(rows, isRow))], 1);
}
