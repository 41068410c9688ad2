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

    /// <summary>&lt;e_i, e_j&gt; for all i &lt; j [B, F (F - 1) / 2], in the order (0,1), (0,2), (1,2), (0,3), ...</summary>
    public static Tensor Dots(Tensor vectors)
    {
        var fields = vectors.shape[1];
        var places = new List<long>();
        for (var field = 1L; field < fields; field++)
        {
            for (var other = 0L; other < field; other++)
            {
                places.Add((field * fields) + other);
            }
        }

        var products = vectors.matmul(vectors.transpose(1, 2)).flatten(1); // [B, F * F]
        return products.index_select(1, tensor(places.ToArray(), device: vectors.device));
    }
}
