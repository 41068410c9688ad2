using Tastemaker.Batches;
using Tastemaker.Data;
using Tastemaker.Inputs;
using Tastemaker.Models.Attention;
using Tastemaker.Tests.Models.Baselines;
using static TorchSharp.torch;

namespace Tastemaker.Tests.Models.Attention;

public class SasRecTests
{
    private const int Items = 7;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void What_comes_later_does_not_reach_earlier_places(int heads)
    {
        using var scope = NewDisposeScope();
        using var model = Make(heads: heads);
        var one = model.States(Batch([1, 2, 3, 4])).squeeze(0);
        var other = model.States(Batch([1, 2, 3, 6])).squeeze(0);

        one.narrow(0, 0, 3).allclose(other.narrow(0, 0, 3), 1e-6, 1e-6).ShouldBeTrue();
        one[3].allclose(other[3], 1e-3, 1e-3).ShouldBeFalse();
        one[2].allclose(model.States(Batch([5, 2, 3, 4])).squeeze(0)[2], 1e-3, 1e-3).ShouldBeFalse(); // what came before does
    }

    [Fact]
    public void Padding_on_the_left_changes_nothing_and_nothing_but_padding_stays_finite()
    {
        using var scope = NewDisposeScope();
        using var model = Make();
        var alone = model.States(Batch([3, 4])).squeeze(0);
        var beside = model.States(Batch([3, 4], [1, 2, 3, 4, 5], []));

        beside[0].narrow(0, 3, 2).allclose(alone, 1e-5, 1e-6).ShouldBeTrue();
        beside[0].narrow(0, 0, 3).abs().sum().item<float>().ShouldBe(0);
        beside[2].abs().sum().item<float>().ShouldBe(0);
    }

    [Fact]
    public void Items_that_stand_where_padding_is_get_no_gradient()
    {
        using var scope = NewDisposeScope();
        using var model = Make(loss: SasRecLoss.Binary);
        using var batch = Batch([3, 4], [1, 2, 3, 4]);
        batch.TargetBuffer.AddRange([4, 5, 2, 3, 4, 5]);
        batch.NegativeBuffer.AddRange([6, 6, 6, 6, 6, 6]);
        batch.Load(CPU);
        model.Loss(batch).backward();
        var gradients = model.Parameter("items.weight").grad!.abs().sum(1).data<float>().ToArray();

        gradients[0].ShouldBe(0); // padding has index 0 too
        gradients[1..].ShouldAllBe(gradient => gradient > 0);
    }

    [Fact]
    public void With_every_item_drawn_the_sampled_loss_is_that_of_all_items()
    {
        using var scope = NewDisposeScope();
        using var model = Make();
        using var batch = Batch([3, 4], [1, 2, 3]);
        batch.TargetBuffer.AddRange([4, 5, 2, 3, 6]);
        batch.Load(CPU);
        var whole = model.Loss(batch).item<float>();
        batch.NegativeBuffer.AddRange(Enumerable.Range(0, Items));
        batch.Load(CPU);

        model.Loss(batch).item<float>().ShouldBe(whole, 1e-5f);
    }

    [Fact]
    public void The_binary_loss_is_that_of_equation_7()
    {
        using var scope = NewDisposeScope();
        using var model = Make(loss: SasRecLoss.Binary);
        using var batch = Batch([2, 5]);
        batch.TargetBuffer.AddRange([5, 1]);
        batch.NegativeBuffer.AddRange([3, 4]);
        batch.Load(CPU);
        var states = model.States(batch).squeeze(0);
        var items = model.Parameter("items.weight");
        var expected = new[] { (0, 5, 3), (1, 1, 4) }.Sum(place =>
        {
            var (right, wrong) = ((states[place.Item1] * items[place.Item2]).sum().item<float>(), (states[place.Item1] * items[place.Item3]).sum().item<float>());
            return -Math.Log(1 / (1 + Math.Exp(-right))) - Math.Log(1 - (1 / (1 + Math.Exp(-wrong))));
        });

        model.Loss(batch).item<float>().ShouldBe((float)(expected / 2), 1e-5f);
    }

    [Fact]
    public void A_request_is_scored_by_the_state_after_its_newest_items()
    {
        using var scope = NewDisposeScope();
        using var model = Make();
        int[][] histories = [[1, 2, 3], [], [6, 5, 4, 3, 2, 1, 0, 1, 2, 3]];
        var scores = Requests.Scores(model, Requests.OfHistories(Items, histories));
        var items = model.Parameter("items.weight");
        foreach (var request in new[] { 0, 2 })
        {
            var newest = histories[request].TakeLast(6).ToArray(); // MaxLength
            var expected = items.matmul(model.States(Batch(newest)).squeeze(0)[newest.Length - 1]).data<float>().ToArray();
            Enumerable.Range(0, Items).ShouldAllBe(item => Math.Abs(scores[request, item] - expected[item]) < 1e-5);
        }

        Enumerable.Range(0, Items).ShouldAllBe(item => scores[1, item] == 0);
    }

    [Fact]
    public void An_epoch_visits_every_user_once_and_every_place_learns_the_item_after_it()
    {
        var random = new SeededRandom(5);
        (int, int, float, long)[] rows = [.. Enumerable.Range(0, 60).SelectMany(user => Enumerable.Range(0, 1 + random.Next(12)).Select(time => (user, random.Next(30), 1f, (long)time)))];
        var train = Sample.Of(60, 30, rows);
        var source = new SequenceSource(train, batchSize: 8, length: 5, shared: null);
        var seen = new List<string>();
        foreach (var batch in source.Epoch(new SeededRandom(2)))
        {
            batch.Length.ShouldBeLessThanOrEqualTo(5);
            for (var place = 0; place < batch.PlaceBuffer.Count; place++)
            {
                var at = (int)batch.PlaceBuffer[place];
                batch.PaddingBuffer[at].ShouldBeFalse();
                if ((at + 1) % batch.Length != 0)
                {
                    batch.ItemBuffer[at + 1].ShouldBe(batch.TargetBuffer[place]);
                }
            }

            for (var row = 0; row < batch.Count; row++)
            {
                var (start, end) = (row * batch.Length, (row + 1) * batch.Length);
                var inputs = Enumerable.Range(start, batch.Length).Where(place => !batch.PaddingBuffer[place]).Select(place => batch.ItemBuffer[place]);
                seen.Add(string.Join(',', inputs.Append(batch.TargetBuffer[batch.PlaceBuffer.IndexOf(end - 1)])));
            }
        }

        var expected = Enumerable.Range(0, 60).Where(user => train.ByUser.Length(user) > 1).Select(user => string.Join(',', train.ByUser[user].ToArray().TakeLast(6)));
        seen.Order().ShouldBe(expected.Order());
    }

    private static SasRec Make(int heads = 1, SasRecLoss loss = SasRecLoss.CrossEntropy)
    {
        manual_seed(4);
        var model = new SasRec(new SasRecOptions { Dimension = 8, Heads = heads, MaxLength = 6, Loss = loss, Dropout = 0, Samples = 0 }, new ModelShape(4, Items));
        using var grad = no_grad();
        foreach (var parameter in model.parameters())
        {
            nn.init.normal_(parameter, 0, 0.5);
        }

        return model;
    }

    private static SequenceBatch Batch(params int[][] sequences)
    {
        var batch = new SequenceBatch();
        batch.Fill(sequences.Length, row => sequences[row]);
        batch.Load(CPU);
        return batch;
    }
}
