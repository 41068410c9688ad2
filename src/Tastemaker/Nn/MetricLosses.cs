using static TorchSharp.torch;

namespace Tastemaker.Nn;

/// <summary>The losses of metric learning (Hsieh et al. 2017), in squared distances: pure functions.</summary>
internal static class MetricLosses
{
    private const long NumbersAtOnce = 1 << 20; // of differences, so that they stay in cache

    /// <summary>Squared distances of vectors, over the last dimension.</summary>
    public static Tensor SquaredDistance(Tensor left, Tensor right) => (left - right).square().sum([-1]);

    /// <summary>Squared distances of each anchor [B, dimension] to its candidates among the rows of a table [B, n], without a gradient.</summary>
    /// <param name="anchors">The vectors.</param>
    /// <param name="table">Vectors [rows, dimension].</param>
    /// <param name="candidates">Rows [B, n].</param>
    public static Tensor CandidateDistances(Tensor anchors, Tensor table, Tensor candidates)
    {
        using var grad = no_grad();
        var (count, each) = (candidates.shape[0], candidates.shape[1]);
        var block = Math.Max(1, NumbersAtOnce / (each * table.shape[1]));
        var distances = empty([count, each], anchors.dtype, anchors.device);
        for (long first = 0; first < count; first += block)
        {
            using var scope = NewDisposeScope();
            var rows = Math.Min(block, count - first);
            var differences = table.index_select(0, candidates.narrow(0, first, rows).flatten()).view(rows, each, -1); // [b, n, dimension]
            differences.sub_(anchors.narrow(0, first, rows).unsqueeze(1));
            distances.narrow(0, first, rows).copy_(differences.mul_(differences).sum([2]));
        }

        return distances;
    }

    /// <summary>w [ m + d(i,j)^2 - d(i,k)^2 ]_+ of each pair (eq. 1), a sum over pairs.</summary>
    /// <param name="near">d(i,j)^2 to what was chosen [B].</param>
    /// <param name="far">d(i,k)^2 to what was not [B].</param>
    /// <param name="margin">m.</param>
    /// <param name="weights">w [B].</param>
    public static Tensor Hinge(Tensor near, Tensor far, double margin, Tensor weights) => ((near - far + margin).relu() * weights).sum();

    /// <summary>
    /// The weight of a pair by its estimated rank (section 3.2): log(1 + floor(J M / U)), where M of U random items that the user lacks are within the margin
    /// and J is the number of items. 0 where none is.
    /// </summary>
    /// <param name="impostors">M [B].</param>
    /// <param name="sampled">U.</param>
    /// <param name="items">J.</param>
    public static Tensor RankWeight(Tensor impostors, int sampled, long items) => (impostors.to_type(ScalarType.Int64) * items).div(sampled, RoundingMode.floor).log1p();

    /// <summary>
    /// How much the dimensions of vectors [N, dimension] vary together: half the sum over i != j of C_ij^2, C = (1/N) sum_n (y_n - mean)(y_n - mean)'. The paper
    /// prints (1/N)(||C||_F - ||diag C||_2^2), which takes a square from a norm that is none; this is the form of Cogswell et al. (2016), whom it follows.
    /// The authors' later code adds up the entries with their signs, which rewards dimensions that run against each other.
    /// </summary>
    public static Tensor Covariance(Tensor vectors)
    {
        var centred = vectors - vectors.mean([0], keepdim: true);
        var covariance = centred.t().matmul(centred) / vectors.shape[0]; // [dimension, dimension]
        return (covariance.square().sum() - covariance.diagonal().square().sum()) * 0.5;
    }
}
