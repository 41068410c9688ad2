using static TorchSharp.torch;

namespace Tastemaker.Projection;

/// <summary>
/// t-SNE (van der Maaten and Hinton, JMLR 2008): points of a plane of which those are near that are near among vectors of many coordinates. Exact, so for some
/// thousand points; begins with the first two principal components, so that the same vectors give the same plane.
/// </summary>
internal static class NeighborEmbedding
{
    private const int Steps = 500;
    private const int ExaggeratedSteps = 125;
    private const double Exaggeration = 12;
    private const double EarlyMomentum = 0.5;
    private const double LateMomentum = 0.8;
    private const double SmallestGain = 0.01;
    private const int BisectionSteps = 40;
    private const double Tiny = 1e-12;
    private const float Far = 1e12f; // from oneself: nobody is one's own neighbor

    /// <summary>The points [n, 2] of vectors [n, d], about the origin.</summary>
    /// <param name="vectors">At least two; compared by Euclidean distance.</param>
    /// <param name="perplexity">About how many neighbors count; at most a third of the points are taken.</param>
    /// <param name="cancellation">Ends the work.</param>
    public static Tensor Of(Tensor vectors, double perplexity, CancellationToken cancellation)
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        var count = vectors.shape[0];
        var joint = Affinities(SquaredDistances(vectors), Math.Max(1, Math.Min(perplexity, (count - 1) / 3.0))); // p [n, n]
        var points = Principal(vectors, 2);
        points = points.mul(1e-4 / points[TensorIndex.Colon, 0].std().clamp_min(Tiny));
        var step = Math.Max(count / Exaggeration / 4, 50);
        var (speed, gains) = (zeros_like(points), ones_like(points));
        // Matrices are made once: to allocate and free them at every step would leave the heap in pieces, gigabytes of them.
        var (near, pull) = (empty_like(joint), empty_like(joint));
        for (var iteration = 0; iteration < Steps; iteration++)
        {
            cancellation.ThrowIfCancellationRequested();
            using var inner = NewDisposeScope();
            var gradient = Gradient(joint, points, near, pull, iteration < ExaggeratedSteps ? Exaggeration : 1);
            var opposed = gradient.sign().ne(speed.sign());
            gains.copy_(where(opposed, gains.add(0.2), gains.mul(0.8)).clamp_min(SmallestGain));
            speed.mul_(iteration < ExaggeratedSteps ? EarlyMomentum : LateMomentum).sub_(gains.mul(gradient).mul_(step));
            points.add_(speed);
            points.sub_(points.mean([0], keepdim: true));
        }

        return points.MoveToOuterDisposeScope();
    }

    /// <summary>The first principal components of vectors [n, d] as coordinates [n, count]; columns beyond what the vectors span are 0.</summary>
    public static Tensor Principal(Tensor vectors, int count)
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        var centred = vectors.to(float32).sub(vectors.to(float32).mean([0], keepdim: true));
        var (values, directions) = linalg.eigh(centred.t().matmul(centred)); // ascending
        var taken = Math.Min(count, (int)values.shape[0]);
        var axes = directions[TensorIndex.Colon, TensorIndex.Slice(-taken)].flip(1);
        // An axis and its mirror image are as good as each other: the same one each time.
        var largest = axes.abs().argmax(0, keepdim: true);
        axes = axes.mul(axes.gather(0, largest).sign());
        var found = centred.matmul(axes);
        return (taken < count ? cat([found, zeros(found.shape[0], count - taken)], 1) : found).MoveToOuterDisposeScope();
    }

    /// <summary>Squared Euclidean distances [n, n].</summary>
    internal static Tensor SquaredDistances(Tensor rows)
    {
        var squares = rows.pow(2).sum([1L], keepdim: true);
        return squares.add(squares.t()).sub(rows.matmul(rows.t()).mul(2)).clamp_min(0);
    }

    // Each row's bandwidth is searched so that the entropy of its neighbors is the log of the perplexity (section 2), then p = (p_j|i + p_i|j) / 2n.
    private static Tensor Affinities(Tensor distances, double perplexity)
    {
        using var scope = NewDisposeScope();
        var count = distances.shape[0];
        var target = Math.Log(perplexity);
        var scaled = distances.div_(distances.mean().clamp_min(Tiny));
        FillDiagonal(scaled, Far);
        var (chances, weighted) = (empty_like(scaled), empty_like(scaled));
        var nearest = scaled.amin([1], keepdim: true);
        var (low, high) = (full([count, 1], -10.0), full([count, 1], 20.0)); // logs of the precision
        for (var step = 0; step < BisectionSteps; step++)
        {
            using var inner = NewDisposeScope();
            var middle = low.add(high).div(2);
            var total = Chances(middle.exp(), scaled, nearest, chances);
            // The entropy of e / Z, where ln e = -b (d - d_min), is ln Z + b (mean d - d_min).
            var mean = weighted.copy_(chances).mul_(scaled).sum([1L], keepdim: true).div(total);
            var wide = total.log().add(middle.exp().mul(mean.sub(nearest))).gt(target);
            low.copy_(where(wide, middle, low));
            high.copy_(where(wide, high, middle));
        }

        chances.div_(Chances(low.add(high).div(2).exp(), scaled, nearest, chances));
        return weighted.copy_(chances).add_(chances.t()).div_(2 * count).clamp_min_(Tiny).MoveToOuterDisposeScope();
    }

    // Writes exp(-b (d - d_min)), and returns the sums of the rows.
    private static Tensor Chances(Tensor precision, Tensor distances, Tensor nearest, Tensor chances) =>
        chances.copy_(distances).sub_(nearest).mul_(precision).neg_().exp_().sum([1L], keepdim: true);

    private static void FillDiagonal(Tensor square, float value)
    {
        using var diagonal = square.diagonal();
        using var filled = diagonal.fill_(value);
    }

    // Equation 5: 4 sum_j (p_ij - q_ij) (y_i - y_j) / (1 + |y_i - y_j|^2).
    private static Tensor Gradient(Tensor joint, Tensor points, Tensor near, Tensor pull, double exaggeration)
    {
        var squares = points.pow(2).sum([1L], keepdim: true);
        near.copy_(squares).add_(squares.t()).addmm_(points, points.t(), 1, -2).clamp_min_(0).add_(1).reciprocal_();
        FillDiagonal(near, 0);
        pull.copy_(near).div_(near.sum()).clamp_min_(Tiny).neg_().add_(joint, exaggeration).mul_(near);
        return pull.sum([1L], keepdim: true).mul(points).sub_(pull.matmul(points)).mul_(4);
    }
}
