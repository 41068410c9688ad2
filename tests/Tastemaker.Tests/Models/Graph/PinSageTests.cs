using Tastemaker.Data;
using Tastemaker.Data.Features;
using Tastemaker.Models.Graph;
using Tastemaker.Options;
using Tastemaker.Solvers;
using Tastemaker.Tests.Models.Baselines;
using Tastemaker.Training;
using static TorchSharp.torch;

namespace Tastemaker.Tests.Models.Graph;

public class PinSageTests
{
    private static readonly PinSageOptions Small = new() { Dimension = 6, Hidden = 5, Neighbors = 50, WalkSteps = 2000, BatchSize = 4, SharedNegatives = 3, HardNegatives = 2 };

    [Fact]
    public void Visits_follow_the_restart_distribution_of_a_path()
    {
        // Items 0 - 1 - 2 - 3 in a row, each pair by a user of its own.
        var users = SparseRows.FromRows([[0, 1], [1, 2], [2, 3]], 4);
        var visits = new RandomWalks(users, users.Transpose()) { Steps = 400_000, Restart = 0.5 }.Visits(10, 3, Parallelism.Loop());

        // A step from an inner item goes left, stays or goes right with 1/4, 1/2, 1/4; from an end it stays or goes on with 1/2 each. pi = restart x (steps from 0) x sum over walks.
        double[][] step = [[0.5, 0.5, 0, 0], [0.25, 0.5, 0.25, 0], [0, 0.25, 0.5, 0.25], [0, 0, 0.5, 0.5]];
        var (at, sum) = (new double[] { 1, 0, 0, 0 }, new double[4]);
        for (var hop = 0; hop < 200; hop++)
        {
            at = [.. Enumerable.Range(0, 4).Select(to => Enumerable.Range(0, 4).Sum(from => at[from] * step[from][to]))];
            for (var item = 0; item < 4; item++)
            {
                sum[item] += Math.Pow(0.5, hop) * at[item];
            }
        }

        var others = sum[1] + sum[2] + sum[3];
        visits[0].ToArray().ShouldBe([1, 2, 3]);
        for (var place = 0; place < 3; place++)
        {
            ((double)visits.RowValues(0)[place]).ShouldBe(sum[place + 1] / others, 0.01);
        }
    }

    [Fact]
    public void Walks_are_the_same_on_one_core_and_on_all()
    {
        var train = Sample.Random();
        var walks = new RandomWalks(train.Seen, train.Seen.Transpose()) { Steps = 200 };
        var (one, all) = (walks.Visits(5, 1, new ParallelOptions { MaxDegreeOfParallelism = 1 }), walks.Visits(5, 1, new ParallelOptions { MaxDegreeOfParallelism = 8 }));

        all.Columns.SequenceEqual(one.Columns).ShouldBeTrue();
        all.Values.SequenceEqual(one.Values).ShouldBeTrue();
        walks.Visits(5, 2, Parallelism.Loop()).Values.SequenceEqual(one.Values).ShouldBeFalse();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Layer_by_layer_all_items_get_the_vectors_that_they_have_in_a_batch(int layers)
    {
        using var scope = NewDisposeScope();
        var train = Featured();
        using var model = Make(train, Small with { Layers = layers, Neighbors = 4 });
        var graph = model.Neighborhoods(train.Seen, 5);
        var all = model.AllVectors(graph);
        using var some = graph.Of([3, 0, 7], layers).Load(CPU);
        var few = model.Vectors(some);

        few.allclose(all.index_select(0, tensor([3L, 0, 7])), 1e-5, 1e-5).ShouldBeTrue();
    }

    [Fact]
    public void Where_visits_are_alike_importance_pooling_is_the_mean()
    {
        using var scope = NewDisposeScope();
        var train = Featured();
        using var model = Make(train, Small with { Neighbors = 1 }); // of one neighbor, any weight is all
        using var mean = Make(train, Small with { Neighbors = 1, Pooling = NeighborPooling.Mean });
        mean.Restore(model.State());

        mean.AllVectors(mean.Neighborhoods(train.Seen, 5)).allclose(model.AllVectors(model.Neighborhoods(train.Seen, 5))).ShouldBeTrue();
    }

    [Fact]
    public void Items_alike_in_features_and_without_users_have_equal_vectors()
    {
        using var scope = NewDisposeScope();
        var train = Featured();
        using var model = Make(train, Small);
        var vectors = model.AllVectors(model.Neighborhoods(SparseRows.Empty(3, train.ItemCount), 1));

        vectors[1].allclose(vectors[1 + 4]).ShouldBeTrue(); // features repeat after four items
        vectors[1].allclose(vectors[2]).ShouldBeFalse();
        isfinite(vectors).all().item<bool>().ShouldBeTrue();
    }

    [Fact]
    public void A_hard_negative_comes_with_each_epoch_and_related_items_count_as_none()
    {
        var train = Featured();
        using var model = Make(train, Small with { HardFrom = 0, HardTo = 1, Neighbors = 2 });
        var labels = RelatedPairs.Of(train, 0.5, 1);
        var graph = model.Neighborhoods(labels.Graph, 1);
        var source = new PinSageSource(graph, labels, Small with { HardFrom = 0, HardTo = 1, Neighbors = 2 });
        var counted = 0;
        foreach (var (epochs, hard) in new[] { (0, 0), (1, 1), (2, 2), (9, 2) })
        {
            source.Epochs = epochs;
            foreach (var batch in source.Epoch(new SeededRandom(1)))
            {
                batch.HardBuffer.Count.ShouldBe(batch.Count * hard);
                batch.NegativeBuffer.Count.ShouldBe(batch.Count * 3);
                for (var pair = 0; pair < batch.Count; pair++)
                {
                    var query = batch.Items[(int)batch.QueryBuffer[pair]];
                    labels.Related.SortedRowContains(query, batch.Items[(int)batch.RelatedBuffer[pair]]).ShouldBeTrue();
                    for (var place = pair * hard; place < (pair + 1) * hard; place++)
                    {
                        var negative = batch.Items[(int)batch.HardBuffer[place]];
                        (batch.HardMaskBuffer[place] > 0).ShouldBe(negative != query && !labels.Related.SortedRowContains(query, negative));
                        graph.Neighbors[query].Contains(negative).ShouldBeFalse(); // hard negatives rank behind the neighbors
                        counted += batch.HardMaskBuffer[place] > 0 ? 1 : 0;
                    }
                }

                batch.Dispose();
            }
        }

        counted.ShouldBeGreaterThan(0);
    }

    [Fact]
    public void Users_who_give_pairs_give_no_edges()
    {
        var train = Featured();
        var labels = RelatedPairs.Of(train, 0.5, 1);
        for (var user = 0; user < train.UserCount; user++)
        {
            (labels.Graph.Length(user) == 0 || labels.Graph.Length(user) == train.Seen.Length(user)).ShouldBeTrue();
        }

        labels.Histories.RowCount.ShouldBeInRange(((train.UserCount - 1) / 2) - 1, ((train.UserCount - 1) / 2) + 1);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void With_few_users_one_gives_edges_before_another_gives_pairs(int users)
    {
        var train = Sample.Of(3, 4, [.. Enumerable.Range(0, users).SelectMany(user => new[] { (user, user, 1f, 1L), (user, user + 1, 1f, 2L) }), (2, 3, 1f, 3L)]);
        using var model = (PinSage)PinSage.Info.Make(Small with { ItemIds = true }, train);
        var labels = RelatedPairs.Of(train, 0.2, 1);

        labels.Pairs(new SeededRandom(1)).Count.ShouldBe(users == 2 ? 1 : 0);
        using var training = model.Begin(train, new TrainingOptions());
        training.RunEpoch(Sample.Context(train));
        (training.NoteOn(new RunState()) is null).ShouldBe(users == 2);
        model.Scores(Requests.OfHistories(4, [0], []))[0].ShouldAllBe(score => float.IsFinite(score));
    }

    [Fact]
    public void The_loss_is_0_where_all_margins_hold_and_the_margin_where_all_are_equal()
    {
        using var scope = NewDisposeScope();
        var train = Featured();
        using var model = Make(train, Small with { Margin = 0.25 });
        using (no_grad())
        {
            foreach (var weights in model.parameters())
            {
                weights.zero_();
            }
        }

        var labels = RelatedPairs.Of(train, 0.5, 1);
        using var batch = new PinSageSource(model.Neighborhoods(labels.Graph, 1), labels, Small).Epoch(new SeededRandom(1)).First();
        batch.Load(CPU);

        model.Loss(batch).item<float>().ShouldBe(0.25f, 1e-6f); // all vectors are 0: no item is nearer than another
        using var easy = Make(train, Small with { Margin = 0 });
        easy.Restore(model.State());
        easy.Loss(batch).item<float>().ShouldBe(0, 1e-6f);
    }

    private static PinSage Make(TrainingSet train, PinSageOptions options) => (PinSage)PinSage.Info.Make(options, train);

    private static TrainingSet Featured()
    {
        var train = Sample.Random(users: 30, items: 12);
        var kinds = new CategoricalColumn("kind", new Vocabulary(["a", "b", "c", "d"]), [.. Enumerable.Range(0, 12).Select(item => item % 4)]);
        return new TrainingSet(train.Data with { ItemFeatures = new FeatureTable(12, [kinds]) });
    }
}
