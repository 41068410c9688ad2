using Tastemaker.Projection;
using static TorchSharp.torch;

namespace Tastemaker.Tests.Projection;

/// <summary>A plane keeps who is near whom.</summary>
public sealed class NeighborEmbeddingTests
{
    [Fact]
    public void Points_of_a_cluster_stay_together_and_apart_from_other_clusters()
    {
        using var scope = NewDisposeScope();
        var (clusters, size) = (4, 25);
        random.manual_seed(3);
        var centres = randn(clusters, 10).mul(10);
        var vectors = centres.repeat_interleave(size, 0).add(randn(clusters * size, 10));

        var points = NeighborEmbedding.Of(vectors, 10, TestContext.Current.CancellationToken);

        points.shape.ShouldBe([clusters * size, 2]);
        points.isfinite().all().item<bool>().ShouldBeTrue();
        var distances = NeighborEmbedding.SquaredDistances(points);
        for (var point = 0; point < clusters * size; point++)
        {
            var nearest = distances[point].topk(6, largest: false).indexes.data<long>().ToArray();
            nearest.ShouldAllBe(other => other / 25 == nearest[0] / 25);
        }
    }

    [Fact]
    public void The_same_vectors_give_the_same_plane()
    {
        using var scope = NewDisposeScope();
        random.manual_seed(4);
        var vectors = randn(50, 5);

        var (one, other) = (NeighborEmbedding.Of(vectors, 10, TestContext.Current.CancellationToken), NeighborEmbedding.Of(vectors, 10, TestContext.Current.CancellationToken));
        one.sub(other).abs().max().item<float>().ShouldBe(0);
    }

    [Fact]
    public void The_work_leaves_no_memory_behind()
    {
        using var vectors = randn(700, 5);
        var before = Environment.WorkingSet;

        NeighborEmbedding.Of(vectors, 10, TestContext.Current.CancellationToken).Dispose();

        // A matrix a step would be a gigabyte.
        (Environment.WorkingSet - before).ShouldBeLessThan(300L << 20);
    }

    [Fact]
    public void The_first_component_runs_where_vectors_differ_most()
    {
        using var scope = NewDisposeScope();
        var vectors = tensor(new float[] { -3, -6, 0, -1, -2, 0.1f, 1, 2, -0.1f, 3, 6, 0 }, [4, 3]);

        var found = NeighborEmbedding.Principal(vectors, 2);

        var along = MathF.Sqrt(45);
        float[] expected = [-along, -along / 3, along / 3, along];
        for (var row = 0; row < 4; row++)
        {
            found[row, 0].item<float>().ShouldBe(expected[row], 0.05f);
        }

        found[TensorIndex.Colon, 1].abs().max().item<float>().ShouldBeLessThan(0.15f);
    }

    [Fact]
    public void Components_beyond_what_there_is_are_zero()
    {
        using var scope = NewDisposeScope();

        var found = NeighborEmbedding.Principal(tensor(new float[] { 1, 2, 4 }, [3, 1]), 2);

        found.shape.ShouldBe([3, 2]);
        found[TensorIndex.Colon, 1].count_nonzero().item<long>().ShouldBe(0);
    }
}
