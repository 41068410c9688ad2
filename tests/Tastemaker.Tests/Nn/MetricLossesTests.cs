using Tastemaker.Nn;
using static TorchSharp.torch;

namespace Tastemaker.Tests.Nn;

public sealed class MetricLossesTests
{
    [Theory]
    [InlineData(7, 3, 4)]
    [InlineData(600, 20, 100)] // more than one block
    public void Distances_to_candidates_are_those_of_pairs(int count, int each, int dimension)
    {
        using var scope = NewDisposeScope();
        var (anchors, table) = (randn(count, dimension), randn(50, dimension));
        var candidates = randint(50, [count, each], int32);

        var distances = MetricLosses.CandidateDistances(anchors, table, candidates);

        var expected = MetricLosses.SquaredDistance(anchors.unsqueeze(1), table.index_select(0, candidates.flatten()).view(count, each, dimension));
        distances.ShouldBeClose(expected, 1e-3);
        distances.requires_grad.ShouldBeFalse();
    }

    [Theory]
    [InlineData(0, 20, 1000, 0)]
    [InlineData(20, 20, 1000, 1000)] // all are too near: the worst rank
    [InlineData(1, 20, 30, 1)] // 1.5 rounded down
    [InlineData(1, 20, 19, 0)] // below 1
    [InlineData(7, 10, 25975, 18182)]
    [InlineData(1000, 1000, 3_000_000, 3_000_000)] // beyond 32 bits on the way
    public void A_pair_weighs_the_logarithm_of_its_estimated_rank(int impostors, int sampled, int items, int rank)
    {
        using var scope = NewDisposeScope();
        MetricLosses.RankWeight(tensor(new long[] { impostors }), sampled, items).item<float>().ShouldBe((float)Math.Log(1 + rank), 1e-5f);
    }

    [Fact]
    public void The_hinge_is_a_weighted_sum_of_what_violates_the_margin()
    {
        using var scope = NewDisposeScope();
        var (near, far, weights) = (tensor(new[] { 1.0, 0.5, 2.0 }), tensor(new[] { 1.2, 3.0, 1.0 }), tensor(new[] { 2.0, 5.0, 3.0 }));
        MetricLosses.Hinge(near, far, 0.5, weights).item<double>().ShouldBe((2 * 0.3) + 0 + (3 * 1.5), 1e-12);
        Numbers.Gradient(x => MetricLosses.Hinge(x, far, 0.5, weights), near).ShouldBeClose(tensor(new[] { 2.0, 0, 3 }), 1e-12);
    }

    [Fact]
    public void Covariance_is_0_where_dimensions_vary_apart_and_does_not_see_a_translation()
    {
        using var scope = NewDisposeScope();
        var apart = tensor(new double[,] { { 1, 0 }, { -1, 0 }, { 0, 2 }, { 0, -2 } });
        MetricLosses.Covariance(apart).item<double>().ShouldBe(0, 1e-12);

        var any = randn(9, 4, float64);
        MetricLosses.Covariance(any + tensor(new[] { 3.0, -1, 0, 7 })).ShouldBeClose(MetricLosses.Covariance(any), 1e-10);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(-1)] // against each other is as bad as together
    public void Covariance_is_half_the_squares_off_the_diagonal(double sign)
    {
        using var scope = NewDisposeScope();
        var line = tensor(new[,] { { 1, sign }, { -1, -sign } });
        MetricLosses.Covariance(line).item<double>().ShouldBe(1, 1e-12); // C = [[1, s], [s, 1]]
        Numbers.Gradient(MetricLosses.Covariance, line).ShouldBeClose(Numbers.Differences(MetricLosses.Covariance, line), 1e-8);
    }

    [Fact]
    public void The_ball_takes_back_what_is_outside_and_leaves_what_is_inside()
    {
        using var scope = NewDisposeScope();
        var table = tensor(new[,] { { 3f, 4f }, { 0.3f, 0.4f }, { 0, -2 }, { 0, 0 } });

        var whole = table.clone();
        UnitBall.Project(whole);
        whole.ShouldBeClose(tensor(new[,] { { 0.6f, 0.8f }, { 0.3f, 0.4f }, { 0, -1 }, { 0, 0 } }), 1e-7);

        UnitBall.Project(table, tensor(new[] { 2, 1, 2 }));
        table.ShouldBeClose(tensor(new[,] { { 3f, 4f }, { 0.3f, 0.4f }, { 0, -1 }, { 0, 0 } }), 0);
    }
}
