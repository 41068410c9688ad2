using Tastemaker.Batches;
using Tastemaker.Data;
using Tastemaker.Inputs;
using Tastemaker.Models.Attention;
using Tastemaker.Tests.Models.Baselines;
using static TorchSharp.torch;

namespace Tastemaker.Tests.Models.Attention;

public class Bert4RecTests
{
    private const int Mask = 9;

    private static readonly Bert4RecOptions Small = new() { Dimension = 6, Inner = 8, Layers = 2, Heads = 2, MaxLength = 5, Dropout = 0 };

    [Fact]
    public void A_masked_place_depends_on_items_before_and_after_it_and_not_on_padding()
    {
        using var scope = NewDisposeScope();
        using var model = Make();
        using var batch = Batch([0, 1, Mask, 3], [0, 1, Mask, 4], [5, 1, Mask, 3]);
        var told = model.Encode(batch, tensor([2L, 6, 10]));
        using var padded = Batch([2, 0, 1, Mask, 3], [0, 1, Mask, 3]);

        told[1].allclose(told[0]).ShouldBeFalse();
        told[2].allclose(told[0]).ShouldBeFalse();
        model.Encode(padded, tensor([8L]))[0].allclose(told[0], 1e-5, 1e-6).ShouldBeTrue();
    }

    [Fact]
    public void A_request_is_its_newest_items_with_a_masked_place_behind_them()
    {
        using var scope = NewDisposeScope();
        using var model = Make();
        var scores = model.Scores(Requests.OfHistories(9, [8, 7, 0, 1, 2, 3], [0, 1, 2, 3], [5]));
        using var batch = Batch([0, 1, 2, 3, Mask]);
        var expected = model.ItemVectors.matmul(model.Encode(batch, tensor([4L]))[0]) + tensor(model.Saved("bias"));

        scores[0].ShouldBe(scores[1], 1e-6f); // of five places four are items
        scores[1].ShouldBe(expected.data<float>().ToArray(), 1e-5f);
        scores[2].ShouldNotBe(scores[1]);
    }

    [Fact]
    public void Every_sequence_has_a_masked_place_and_its_item_as_the_target()
    {
        var train = Sample.Of(3, 9, (0, 3, 1, 1), (0, 1, 1, 2), (0, 4, 1, 3), (0, 2, 1, 4), (1, 5, 1, 1), (1, 6, 1, 2), (2, 7, 1, 1));
        foreach (var (share, lastShare) in new[] { (0.01, 0.0), (0.5, 0.5), (1.0, 0.0), (0.01, 1.0) })
        {
            var batch = new ClozeSource(train, 4, 3, share, lastShare).Epoch(new SeededRandom(2)).Single();
            batch.Count.ShouldBe(2); // one item is no sequence
            batch.Length.ShouldBe(3);
            for (var row = 0; row < 2; row++)
            {
                batch.PlaceBuffer.Count(place => place / 3 == row).ShouldBeGreaterThan(0);
            }

            for (var place = 0; place < 6; place++)
            {
                var newest = batch.PaddingBuffer.IndexOf(true) / 3 == place / 3 ? new[] { -1, 5, 6 } : [1, 4, 2];
                var masked = batch.PlaceBuffer.IndexOf(place);
                batch.PaddingBuffer[place].ShouldBe(newest[place % 3] < 0);
                (masked < 0 ? batch.ItemBuffer[place] : batch.TargetBuffer[masked]).ShouldBe(Math.Max(0, newest[place % 3]));
                (batch.ItemBuffer[place] == Mask).ShouldBe(masked >= 0);
                (masked >= 0).ShouldBe(lastShare == 1 ? place % 3 == 2 : share == 1 ? newest[place % 3] >= 0 : masked >= 0);
            }
        }
    }

    private static Bert4Rec Make()
    {
        var model = new Bert4Rec(Small, new ModelShape(2, Mask));
        model.eval();
        using var grad = no_grad();
        foreach (var weights in model.parameters())
        {
            nn.init.normal_(weights, 0, 0.5); // from those of the start, places hardly differ
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
