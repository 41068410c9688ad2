using Tastemaker.Batches;
using Tastemaker.Data;
using Tastemaker.Data.Features;
using Tastemaker.Inputs;
using Tastemaker.Models.Recurrent;
using Tastemaker.Tests.Models.Baselines;
using static TorchSharp.torch;

namespace Tastemaker.Tests.Models.Recurrent;

public class DrnnTests
{
    private static readonly DrnnOptions Small = new() { Embedding = 5, Units = 6, Layers = 2, Window = 3, Dropout = 0 };

    [Fact]
    public void Up_to_a_page_more_than_the_window_it_is_a_plain_recurrent_net()
    {
        using var scope = NewDisposeScope();
        using var model = Make(Small);
        using var plain = Make(Small with { Window = 10 });
        plain.Restore(model.State());
        foreach (var length in new[] { 1, 2, 3, 4 })
        {
            model.Scores(Requests.OfHistories(9, [.. Enumerable.Range(0, length)]))[0].ShouldBe(plain.Scores(Requests.OfHistories(9, [.. Enumerable.Range(0, length)]))[0], 1e-5f);
        }

        model.Scores(Requests.OfHistories(9, [0, 1, 2, 3, 4]))[0][0].ShouldNotBe(plain.Scores(Requests.OfHistories(9, [0, 1, 2, 3, 4]))[0][0]);
    }

    [Fact]
    public void Pages_before_the_window_count_without_their_order_where_none_decays_and_those_in_it_with()
    {
        using var model = Make(Small with { Decay = 1 });
        var scores = model.Scores(Requests.OfHistories(9, [0, 1, 2, 3, 4, 5], [2, 0, 1, 3, 4, 5], [0, 1, 2, 4, 3, 5]));

        scores[1].ShouldBe(scores[0], 1e-5f);
        scores[2].SequenceEqual(scores[0]).ShouldBeFalse();
        using var decaying = Make(Small with { Decay = 0.5 });
        var aged = decaying.Scores(Requests.OfHistories(9, [0, 1, 2, 3, 4, 5], [2, 0, 1, 3, 4, 5]));
        aged[1].SequenceEqual(aged[0]).ShouldBeFalse();
    }

    [Fact]
    public void All_places_are_learned_in_one_pass_as_each_beginning_alone_is()
    {
        using var scope = NewDisposeScope();
        using var model = Make(Small);
        using var batch = new SequenceBatch();
        batch.Fill(2, row => row == 0 ? [0, 1, 2, 3, 4, 5] : [7, 8]);
        batch.Load(CPU);
        var vectors = model.ItemVectors.index_select(0, batch.Items.flatten()).view(2, 6, -1);
        var together = model.Recurrent(vectors, batch.IsPadding);
        for (var length = 1; length <= 6; length++)
        {
            var alone = model.Recurrent(model.ItemVectors.narrow(0, 0, length).unsqueeze(0), zeros(1, length, ScalarType.Bool));
            together[0, length - 1].allclose(alone[0, length - 1], 1e-5, 1e-6).ShouldBeTrue();
        }

        together[1, 3].abs().sum().item<float>().ShouldBe(0); // padding
    }

    [Fact]
    public void Where_the_target_is_the_last_item_every_place_learns_it()
    {
        var train = Sample.Of(1, 5, (0, 3, 1, 1), (0, 1, 1, 2), (0, 4, 1, 3), (0, 2, 1, 4));

        new SequenceSource(train, 1, 10, shared: 0) { TellsLast = true }.Epoch(new SeededRandom(1)).Single().TargetBuffer.ShouldBe([2, 2, 2]);
        new SequenceSource(train, 1, 10, shared: 0).Epoch(new SeededRandom(1)).Single().TargetBuffer.ShouldBe([1, 4, 2]);
    }

    [Fact]
    public void What_is_known_of_users_adds_to_the_logits()
    {
        var train = Sample.Random();
        var tags = new CategoricalColumn("tag", new Vocabulary(["a", "b"]), [.. Enumerable.Range(0, train.UserCount).Select(user => user % 2)]);
        var tagged = new TrainingSet(train.Data with { UserFeatures = new FeatureTable(train.UserCount, [tags]) });
        using var model = (Drnn)Drnn.Info.Make(Small with { UserFields = ["tag"], BatchSize = 8 }, tagged);
        var histories = SparseRows.FromRows([[0, 1], [0, 1], [0, 1]], train.ItemCount);
        var scores = model.Scores(new RequestBatch([0, 1, 2], histories));

        scores[2].ShouldBe(scores[0], 1e-6f); // of one tag
        scores[1].SequenceEqual(scores[0]).ShouldBeFalse();
        var weights = model.Saved("output.weight");
        var width = weights.Length / train.ItemCount;
        for (var item = 0; item < train.ItemCount; item++)
        {
            weights.AsSpan((item * width) + 6, width - 6).Clear(); // what the network adds
        }

        model.With(("output.weight", weights));
        var pure = model.Scores(new RequestBatch([0, 1, -1], histories));
        pure[1].ShouldBe(pure[0], 1e-6f);
        pure[2].ShouldBe(pure[0], 1e-6f);
    }

    private static Drnn Make(DrnnOptions options) => new(options, new ModelShape(4, 9));
}
