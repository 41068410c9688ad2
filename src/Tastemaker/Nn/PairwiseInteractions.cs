using static TorchSharp.torch;

namespace Tastemaker.Nn;

/// <summary>Products of the vectors of different fields: pure functions of [B, F, k].</summary>
internal static class PairwiseInteractions
{
    /// <summary>
    /// sum over i &lt; j of &lt;e_i, e_j&gt; [B], as half of (sum of vectors)^2 - sum of squares: linear in the number of fields (Rendle 2010,
    /// lemma 3.1).
    /// </summary>
    public static Tensor Sum(Tensor vectors) => (vectors.sum([1]).square() - vectors.square().sum([1])).sum([1]) * 0.5;

    /// <summary>&lt;e_i, e_j&gt; for all i &gt; j [B, F (F - 1) / 2], in the order (1,0), (2,0), (2,1), (3,0), ...</summary>
    /// <param name="vectors">[B, F, k].</param>
    /// <param name="withSelf">Whether to add &lt;e_i, e_i&gt;, each after the pairs of i: F (F + 1) / 2 numbers.</param>
    public static Tensor Dots(Tensor vectors, bool withSelf = false)
    {
        var fields = vectors.shape[1];
        var places = tril_indices(fields, fields, withSelf ? 0 : -1, device: vectors.device); // [2, pairs]
        return vectors.matmul(vectors.transpose(1, 2)).flatten(1).index_select(1, (places[0] * fields) + places[1]);
    }

    /// <summary>
    /// sum over i &lt; j of &lt;v_(i,j), v_(j,i)&gt; [B], where v_(i,j) is the vector that field i shows to field j (Juan et al. 2016, eq. 4): half of
    /// the sum over all pairs without those of a field with itself.
    /// </summary>
    /// <param name="vectors">[B, F, F, k].</param>
    public static Tensor FieldAwareSum(Tensor vectors)
    {
        var all = (vectors * vectors.transpose(1, 2)).sum([1, 2, 3]);
        return (all - vectors.diagonal(0, 1, 2).square().sum([1, 2])) * 0.5;
    }
}
