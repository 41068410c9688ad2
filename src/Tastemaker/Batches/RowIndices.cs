using static TorchSharp.torch;

namespace Tastemaker.Batches;

/// <summary>The rows of the entries of a sparse matrix that lie one after the other.</summary>
internal static class RowIndices
{
    /// <summary>The row of each entry [nnz], int64.</summary>
    /// <param name="offsets">Row starts [B + 1].</param>
    /// <param name="entries">nnz.</param>
    public static Tensor Of(Tensor offsets, long entries)
    {
        var rows = offsets.shape[0] - 1;
        var counts = (offsets.narrow(0, 1, rows) - offsets.narrow(0, 0, rows)).to(int64);
        return arange(rows, int64, offsets.device).repeat_interleave(counts, output_size: entries);
    }
}
