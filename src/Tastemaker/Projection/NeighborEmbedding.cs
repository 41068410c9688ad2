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

    /// <summary>The points [n, 2] of vectors [n, d], about the origin.</summary>
    /// <param name="vectors">At least two; compared by Euclidean distance.</param>
    /// <param name="perplexity">About how many neighbours count; at most a third of the points are taken.</param>
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
        for (var iteration = 0; iteration < Steps; iteration++)
        {
            cancellation.ThrowIfCancellationRequested();
            using var inner = NewDisposeScope();
            var gradient = Gradient(joint, points, iteration < ExaggeratedSteps ? Exaggeration : 1);
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

    // Each row's bandwidth is searched so that the entropy of its neighbours is the log of the perplexity (section 2), then p = (p_j|i + p_i|j) / 2n.
    private static Tensor Affinities(Tensor distances, double perplexity)
    {
        using var scope = NewDisposeScope();
        var count = distances.shape[0];
        var target = Math.Log(perplexity);
        var scaled = distances.div(distances.mean().clamp_min(Tiny));
        scaled.diagonal().fill_(float.PositiveInfinity);
        var (low, high) = (full([count, 1], -20.0), full([count, 1], 20.0)); // logs of the precision
        for (var step = 0; step < BisectionSteps; step++)
        {
            using var inner = NewDisposeScope();
            var middle = low.add(high).div(2);
            var logs = scaled.mul(middle.exp()).neg().log_softmax(1);
            var entropy = logs.exp().mul(logs.clamp_min(-100)).sum([1L], keepdim: true).neg();
            var wide = entropy.gt(target);
            low.copy_(where(wide, middle, low));
            high.copy_(where(wide, high, middle));
        }

        var conditional = scaled.mul(low.add(high).div(2).exp()).neg().softmax(1);
        return conditional.add(conditional.t()).div(2 * count).clamp_min(Tiny).MoveToOuterDisposeScope();
    }

    // Equation 5: 4 sum_j (p_ij - q_ij) (y_i - y_j) / (1 + |y_i - y_j|^2).
    private static Tensor Gradient(Tensor joint, Tensor points, double exaggeration)
    {
        var near = SquaredDistances(points).add_(1).reciprocal_();
        near.diagonal().fill_(0);
        var pull = joint.mul(exaggeration).sub_(near.div(near.sum()).clamp_min_(Tiny)).mul_(near);
        return pull.sum([1L], keepdim: true).mul(points).sub_(pull.matmul(points)).mul_(4);
    }
}
