using Tastemaker.Data;
using static TorchSharp.torch;

namespace Tastemaker.Nn;

/// <summary>Sparse rows as tensors.</summary>
/// <param name="Columns">Columns of all rows [nnz], distinct within a row.</param>
/// <param name="Offsets">Row starts [B + 1].</param>
/// <param name="Values">Values beside <paramref name="Columns"/> [nnz].</param>
internal readonly record struct SparseInput(Tensor Columns, Tensor Offsets, Tensor Values)
{
    /// <summary>Number of rows B.</summary>
    public long Rows => Offsets.shape[0] - 1;

    /// <summary>All rows of a matrix; an entry without a value counts 1.</summary>
    public static SparseInput Of(SparseRows rows, Device device) => new(
        tensor(rows.Columns.ToArray(), device: device),
        tensor(rows.Offsets.ToArray(), device: device),
        rows.HasValues ? tensor(rows.Values.ToArray(), device: device) : ones(rows.EntryCount, device: device));

    /// <summary>The rows with each value made 0 with a probability, and the rest left as they are: a masked zero is a zero, so only values need masking.</summary>
    public SparseInput Masked(double probability) => probability > 0 ? this with { Values = Mask(Values, probability) } : this;

    /// <summary>Numbers with each made 0 with a probability, and the rest left as they are.</summary>
    public static Tensor Mask(Tensor values, double probability) => values * rand_like(values).ge(probability);

    /// <summary>Where each entry is in the dense matrix [B, columns], row after row [nnz], int64.</summary>
    public Tensor Places(long columns)
    {
        var lengths = (Offsets.narrow(0, 1, Rows) - Offsets.narrow(0, 0, Rows)).to(int64);
        return (arange(Rows, int64, Columns.device).repeat_interleave(lengths) * columns) + Columns;
    }
}
