using static TorchSharp.torch;

namespace Tastemaker.Nn;

/// <summary>
/// Sums of vectors by row. By scatter_add, which runs in one parallel pass; index_add takes a step a vector on the CPU, and reads its factor in each of
/// them: TorchSharp lets that factor be finalised while the native code still reads it.
/// </summary>
internal static class RowSums
{
    /// <summary>Adds each vector to a row of the target, in place.</summary>
    /// <param name="target">[rows, dimension].</param>
    /// <param name="rows">A row a vector [n], int64; rows may repeat.</param>
    /// <param name="vectors">[n, dimension].</param>
    public static Tensor AddRows(this Tensor target, Tensor rows, Tensor vectors) => target.scatter_add_(0, rows.unsqueeze(1).expand(vectors.shape), vectors);

    /// <summary>The sums of the vectors of each of <paramref name="count"/> rows [count, dimension]; differentiable by <paramref name="vectors"/>.</summary>
    public static Tensor Of(Tensor rows, Tensor vectors, long count) =>
        zeros([count, vectors.shape[1]], vectors.dtype, vectors.device).scatter_add(0, rows.unsqueeze(1).expand(vectors.shape), vectors);
}
