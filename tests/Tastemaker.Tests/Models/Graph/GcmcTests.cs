using Tastemaker.Data;
using Tastemaker.Inputs;
using Tastemaker.Models.Graph;
using Tastemaker.Nn;
using Tastemaker.Options;
using Tastemaker.Tests.Models.Baselines;
using static TorchSharp.torch;

namespace Tastemaker.Tests.Models.Graph;

public class GcmcTests
{
    private static readonly GcmcOptions Small = new() { Hidden = 10, Dimension = 4, Dropout = 0, UpdatesPerEpoch = 3 };

    [Fact]
    public void On_MovieLens_100K_it_has_as_many_weights_as_the_official_code()
    {
        var shape = new ModelShape(943, 1682, 1, 5) { Inputs = [new RatingLevels([1, 2, 3, 4, 5]), new InteractionGraph(SparseRows.Empty(943, 1682))] };
        using var model = new Gcmc(new GcmcOptions { AverageDecay = 0 }, shape);

        model.parameters().Sum(weights => weights.NumberOfElements).ShouldBe((2625 * 500) + (500 * 75) + (2 * 75 * 75) + (2 * 5));
    }

    [Fact]
    public void Predictions_lie_on_the_scale_and_unknown_sides_get_the_mean()
    {
        var train = Sample.Random();
        using var model = Make(train, Small).Fit(train, epochs: 3);
        var (users, items) = (new[] { 0, 3, -1, train.UserCount - 1 }, new[] { 1, 5, 0, 2 }); // the last user has no rating
        var ratings = new float[4];
        model.Predict(users, items, ratings);

        ratings[..2].ShouldAllBe(rating => rating > 1 && rating < 5);
        var mean = train.Rated.Values.ToArray().Average();
        ratings[2].ShouldBe(mean, 1e-4f);
        ratings[3].ShouldBe(mean, 1e-4f);
    }

    [Fact]
    public void With_equal_messages_a_node_hears_the_shares_of_its_levels_whatever_its_degree()
    {
        using var scope = NewDisposeScope();
        var rated = new SparseRows([0, 4, 5], [0, 1, 2, 3, 0], 4, [5, 5, 1, 5, 5]);
        using var graph = new RatedGraph(rated, new RatingLevels([1, 5]), isSymmetric: false);
        var messages = ones(4, 1);

        graph.Whole.OfUsers[0].Times(messages).data<float>().ToArray().ShouldBe([0.25f, 0]);
        graph.Whole.OfUsers[1].Times(messages).data<float>().ToArray().ShouldBe([0.75f, 1]);
        using var symmetric = new RatedGraph(rated, new RatingLevels([1, 5]), isSymmetric: true);
        symmetric.Whole.OfUsers[1].Times(messages)[1].item<float>().ShouldBe(1 / MathF.Sqrt(2), 1e-6f); // one rating, of an item with two
    }

    [Fact]
    public void With_ordinal_sharing_levels_that_add_nothing_tell_the_same()
    {
        var train = Sample.Random();
        using var model = Make(train, Small with { Accumulate = LevelAccumulation.Sum, AverageDecay = 0 });
        var (levels, width) = (5, 10);
        var table = model.Saved("network.fromItems");
        Array.Clear(table, table.Length / levels, table.Length - (table.Length / levels));
        model.With(("network.fromItems", table));
        var before = model.Scores(Requests.OfHistories(train.ItemCount, [0, 1, 2]));
        var other = new RequestBatch([-1], new SparseRows([0, 3], [0, 1, 2], train.ItemCount, [1, 3, 2]));

        table.Length.ShouldBe(levels * train.ItemCount * width);
        Sample.ShouldBeClose(model.Scores(other)[0], [.. before[0].Select(score => (double)score)], 1e-5); // whatever the ratings are
    }

    [Fact]
    public void A_cold_start_user_with_the_ratings_of_a_known_one_is_convolved_to_the_same_vector()
    {
        var train = Sample.Random();
        using var model = Make(train, Small).Fit(train, epochs: 2);
        var known = model.Scores(Sample.KnownUsers(train));
        var cold = model.Scores(Sample.ColdStartUsers(train));

        for (var user = 0; user < train.UserCount - 1; user++)
        {
            Sample.ShouldBeClose(cold[user], [.. known[user].Select(score => (double)score)], 1e-4);
        }
    }

    [Fact]
    public void Batches_of_ratings_have_the_loss_of_all_together_and_no_more_nodes_than_they_join()
    {
        using var scope = NewDisposeScope();
        var train = Sample.Random();
        using var model = Make(train, Small);
        using var graph = new RatedGraph(train.Rated, RatingLevels.Of(train), isSymmetric: false);
        model.train();
        var whole = new RatedGraphSource(graph, null, 2).Epoch(new SeededRandom(1)).ToList();
        var (sum, count) = (0.0, 0);
        foreach (var batch in new RatedGraphSource(graph, 7, 1).Epoch(new SeededRandom(1)))
        {
            batch.Load(CPU);
            batch.UserBuffer!.Length.ShouldBeLessThanOrEqualTo(7);
            sum += model.Loss(batch).item<float>() * batch.Count;
            count += batch.Count;
            batch.Dispose();
        }

        whole.Count.ShouldBe(2);
        whole[0].Load(CPU);
        count.ShouldBe(train.Rated.EntryCount);
        model.Loss(whole[0]).item<float>().ShouldBe((float)(sum / count), 1e-4f);
    }

    [Theory]
    [InlineData(LevelAccumulation.Stack)]
    [InlineData(LevelAccumulation.Sum)]
    public void Node_dropout_keeps_the_mean_of_the_vectors(LevelAccumulation accumulate)
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        manual_seed(1);
        var train = Sample.Random(users: 12, items: 8, density: 0.8);
        using var model = Make(train, Small with { Dropout = 0.5, AverageDecay = 0, Accumulate = accumulate });
        var network = model.modules().OfType<GcmcNetwork>().Single();
        foreach (var weights in network.parameters())
        {
            weights.abs_(); // then the ReLU of the convolution changes nothing, and the vectors are linear in the messages
        }

        using var graph = new RatedGraph(train.Rated, RatingLevels.Of(train), isSymmetric: false);
        model.eval();
        var still = network.Encode(graph.Whole, null, null).Users;
        network.Encode(graph.Whole, null, null).Users.equal(still).all().item<bool>().ShouldBeTrue(); // no randomness
        model.train();
        var draws = stack([.. Enumerable.Range(0, 2000).Select(_ => network.Encode(graph.Whole, null, null).Users)]);

        (draws - still).abs().mean().item<float>().ShouldBeGreaterThan(0.1f * still.mean().item<float>());
        ((draws.mean([0]) - still).abs().sum() / still.sum()).item<float>().ShouldBeLessThan(0.03f);
    }

    [Fact]
    public void Node_dropout_drops_all_messages_of_a_node_at_once()
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        var train = Sample.Of(3, 1, (0, 0, 1, 1), (1, 0, 2, 2), (2, 0, 5, 3)); // all users have heard of one item
        using var model = Make(train, Small with { Dropout = 0.5, AverageDecay = 0, Accumulate = LevelAccumulation.Sum, Hidden = 64 });
        var network = model.modules().OfType<GcmcNetwork>().Single();
        foreach (var weights in network.parameters())
        {
            weights.abs_();
        }

        using var graph = new RatedGraph(train.Rated, RatingLevels.Of(train), isSymmetric: false);
        model.train();
        var silent = Enumerable.Range(0, 40).Select(_ => network.Encode(graph.Whole, null, null).Users.eq(0).all(1).to(int32).sum().item<long>()).ToList();

        silent.ShouldAllBe(users => users == 0 || users == 3);
        silent.Distinct().Count().ShouldBe(2);
    }

    [Fact]
    public void Requests_without_ratings_and_items_without_ratings_score_the_mean()
    {
        var train = Sample.Random();
        using var model = Make(train, Small).Fit(train, epochs: 3);
        var mean = (double)train.Rated.Values.ToArray().Average();
        var scores = model.Scores(new RequestBatch([-1, train.UserCount - 1, 0], new SparseRows([0, 0, 0, 1], [2], train.ItemCount, [4])));

        scores[0].ShouldAllBe(score => Math.Abs(score - mean) < 1e-5);
        scores[1].ShouldAllBe(score => Math.Abs(score - mean) < 1e-5);
        ((double)scores[2][^1]).ShouldBe(mean, 1e-5); // the last item has no rating
        scores[2][..^1].ShouldAllBe(score => Math.Abs(score - mean) > 1e-5);
    }

    [Fact]
    public void The_running_mean_forgets_the_first_weights_and_follows_the_last()
    {
        using var scope = NewDisposeScope();
        using var network = new Dense(1, 1, Initializers.Zeros);
        using var average = new Dense(1, 1, Initializers.Zeros);
        var expected = 0.0;
        for (var update = 1; update <= 50; update++)
        {
            using (no_grad())
            {
                network.Weight.fill_(update);
            }

            WeightAverage.Follow(average, network, update, 0.9);
            var decay = Math.Min(0.9, (1.0 + update) / (10 + update));
            expected = (decay * expected) + ((1 - decay) * update);
        }

        average.Weight.item<float>().ShouldBe((float)expected, 1e-3f);
    }

    [Fact]
    public void Features_tell_users_without_ratings_apart()
    {
        var train = Tagged();
        using var model = (Gcmc)Gcmc.Info.Make(Small with { FeatureHidden = 4, AverageDecay = 0 }, train);
        model.eval();
        var ratings = new float[2];
        model.Predict([4, 5], [0, 0], ratings); // neither has a rating; their tags differ

        model.PredictsUnrated.ShouldBeTrue();
        ratings[0].ShouldNotBe(ratings[1]);
    }

    private static Gcmc Make(TrainingSet train, GcmcOptions options) => (Gcmc)Gcmc.Info.Make(options, train);

    private static TrainingSet Tagged()
    {
        var plain = Sample.Of(6, 4, (0, 0, 5, 1), (1, 1, 3, 2), (2, 2, 1, 3), (3, 3, 4, 4)).Data;
        var tags = new Tastemaker.Data.Features.CategoricalColumn("tag", new Vocabulary(["a", "b"]), [0, 1, 0, 1, 0, 1]);
        return new TrainingSet(plain with { UserFeatures = new Tastemaker.Data.Features.FeatureTable(6, [tags]) });
    }
}
