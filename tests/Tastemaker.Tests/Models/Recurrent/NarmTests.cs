using Tastemaker.Batches;
using Tastemaker.Inputs;
using Tastemaker.Models.Recurrent;
using Tastemaker.Tests.Models.Baselines;
using static TorchSharp.torch;

namespace Tastemaker.Tests.Models.Recurrent;

public class NarmTests
{
    private static readonly NarmOptions Small = new() { Embedding = 3, Units = 4, EmbeddingDropout = 0, Dropout = 0, MaxLength = 5 };

    [Fact]
    public void All_places_are_encoded_in_one_pass_as_each_prefix_alone_is()
    {
        using var scope = NewDisposeScope();
        using var model = Make();
        using var batch = Batch([0, 1, 2, 3], [7, 8]);
        var together = model.Encode(batch);
        for (var length = 1; length <= 4; length++)
        {
            using var prefix = Batch([.. Enumerable.Range(0, length)]);
            together[0, length - 1].allclose(model.Encode(prefix, isOfLast: true)[0, 0], 1e-5, 1e-6).ShouldBeTrue();
        }

        using var unpadded = Batch([7, 8]);
        together[1, 3].allclose(model.Encode(unpadded)[0, 1], 1e-5, 1e-6).ShouldBeTrue();
        model.Encode(batch, isOfLast: true).squeeze(1).allclose(together.select(1, 3), 1e-5, 1e-6).ShouldBeTrue();
    }

    [Fact]
    public void The_local_encoding_sums_all_states_by_the_attention_of_the_last()
    {
        using var scope = NewDisposeScope();
        using var model = Make();
        using var batch = Batch([4, 2, 6]);
        var encoded = model.Encode(batch)[0];
        var h = encoded.narrow(1, 0, 4); // the global encodings are the states [L, units]
        var (a1, a2, v) = (model.Parameter("ofLast"), model.Parameter("ofAll"), model.Parameter("attention"));
        var expected = zeros(4);
        for (var place = 0; place < 3; place++)
        {
            expected += (h[2].matmul(a1) + h[place].matmul(a2)).sigmoid().dot(v) * h[place]; // equations 7 and 8
        }

        encoded[2].narrow(0, 4, 4).allclose(expected, 1e-5, 1e-6).ShouldBeTrue();
    }

    [Fact]
    public void Requests_are_read_up_to_the_longest_length_and_score_0_without_a_history()
    {
        using var scope = NewDisposeScope();
        using var model = Make();
        var scores = model.Scores(Requests.OfHistories(9, [8, 7, 0, 1, 2, 3, 4], [0, 1, 2, 3, 4], [], [4]));
        using var batch = Batch([0, 1, 2, 3, 4]);
        var expected = model.Encode(batch, isOfLast: true)[0, 0].matmul(model.Parameter("bilinear")).matmul(model.ItemVectors.t()); // equation 9

        scores[0].ShouldBe(scores[1], 1e-6f);
        scores[1].ShouldBe(expected.data<float>().ToArray(), 1e-5f);
        scores[2].ShouldAllBe(score => score == 0);
        scores[3].ShouldNotBe(scores[1]);
    }

    private static Narm Make() => new(Small, new ModelShape(2, 9));

    private static SequenceBatch Batch(params int[][] sequences)
    {
        var batch = new SequenceBatch();
        batch.Fill(sequences.Length, row => sequences[row]);
        batch.Load(CPU);
        return batch;
    }
}
