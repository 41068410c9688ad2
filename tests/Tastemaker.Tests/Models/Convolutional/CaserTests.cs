using Tastemaker.Batches;
using Tastemaker.Data;
using Tastemaker.Inputs;
using Tastemaker.Models.Convolutional;
using Tastemaker.Tests.Models.Baselines;
using static TorchSharp.torch;

namespace Tastemaker.Tests.Models.Convolutional;

public class CaserTests
{
    private static readonly CaserOptions Small = new() { Dimension = 4, Window = 3, Targets = 2, HorizontalFilters = 5, VerticalFilters = 2, Dropout = 0 };

    [Fact]
    public void Windows_hold_the_newest_items_up_to_each_place_and_zeros_before_the_first()
    {
        using var scope = NewDisposeScope();
        using var model = Make();
        using var batch = Batch([0, 1, 2, 3], [5, 6]);
        var windows = model.Windows(batch).view(2, 4, 3, 4);
        var vectors = model.ItemVectors;

        windows[0, 3].equal(vectors.narrow(0, 1, 3)).all().item<bool>().ShouldBeTrue();
        windows[0, 0].equal(cat([zeros(2, 4), vectors.narrow(0, 0, 1)])).all().item<bool>().ShouldBeTrue();
        windows[1, 3].equal(cat([zeros(1, 4), vectors.narrow(0, 5, 2)])).all().item<bool>().ShouldBeTrue(); // not what padding stands for
    }

    [Fact]
    public void The_convolutions_are_those_of_the_paper()
    {
        using var scope = NewDisposeScope();
        using var model = Make();
        var image = randn(1, 3, 4); // [1, L, d]
        List<Tensor> found = [];
        for (var height = 1; height <= 3; height++)
        {
            var (kernel, bias) = (model.Parameter($"horizontal.{height - 1}.weight"), model.Parameter($"horizontal.{height - 1}.bias")); // [filters, d, height]
            var places = Enumerable.Range(0, 3 - height + 1).Select(place => (kernel * image[0].narrow(0, place, height).t()).sum([1L, 2L]) + bias);
            found.Add(nn.functional.relu(stack([.. places])).amax([0])); // equations 5 and 6
        }

        found.Add(image[0].t().matmul(model.Parameter("vertical")).flatten()); // equation 8
        var expected = nn.functional.relu(model.Parameter("joined.weight").matmul(cat(found)) + model.Parameter("joined.bias")); // equation 10

        model.Read(image)[0].allclose(expected, 1e-5, 1e-5).ShouldBeTrue();
    }

    [Fact]
    public void The_loss_is_the_mean_over_the_next_items_of_all_places()
    {
        using var scope = NewDisposeScope();
        var train = Sample.Of(3, 9, (0, 0, 1, 1), (0, 1, 1, 2), (0, 2, 1, 3), (0, 3, 1, 4), (1, 4, 1, 1), (1, 5, 1, 2), (2, 6, 1, 1));
        using var model = Make();
        model.eval();
        using var batch = new SequenceSource(train, 8, 10, shared: null).Epoch(new SeededRandom(1)).Single();
        batch.Load(CPU);
        var (outputs, users) = (model.Saved("outputs.weight"), model.Saved("users.weight"));
        var losses = new List<double>();
        foreach (var (user, history) in new[] { (0, new[] { 0, 1, 2, 3 }), (1, [4, 5]) })
        {
            var first = batch.UserBuffer.TakeWhile(other => other != user).Sum(other => train.ByUser.Length(other) - 1); // of the places of the user
            for (var place = 0; place < history.Length - 1; place++)
            {
                using var prefix = Batch(history[..(place + 1)]);
                float[] query = [.. model.Read(model.Windows(prefix).narrow(0, place, 1)).data<float>(), .. users.AsSpan(4 * user, 4), 1];
                for (var ahead = 0; ahead < 2 && place + ahead < history.Length - 1; ahead++)
                {
                    losses.Add(Softplus(-Score(query, history[place + ahead + 1])));
                    losses.Add(Softplus(Score(query, batch.NegativeBuffer[first + place + ahead])));
                }
            }
        }

        // Five targets of user 0 and one of user 1, each with a negative.
        losses.Count.ShouldBe(12);
        ((double)model.Loss(batch).item<float>()).ShouldBe(losses.Sum() / 6, 1e-5);

        double Score(float[] query, int item) => query.Select((value, index) => (double)value * outputs[(item * 9) + index]).Sum();
        static double Softplus(double x) => Math.Log(1 + Math.Exp(x));
    }

    [Fact]
    public void A_request_is_read_as_training_reads_its_last_place_whatever_is_older_than_the_window()
    {
        using var scope = NewDisposeScope();
        using var model = Make();
        var histories = SparseRows.FromRows([[7, 8, 0, 1, 2], [0, 1, 2], [3], [0, 1, 2], []], 9);
        var scores = model.Scores(new RequestBatch([1, 1, 1, -1, -1], histories));
        using var batch = Batch([7, 8, 0, 1, 2]);
        var (z, outputs) = (model.Read(model.Windows(batch).narrow(0, 4, 1))[0], model.Parameter("outputs.weight"));
        var own = model.Parameter("users.weight")[1];

        scores[1].ShouldBe(scores[0], 1e-6f);
        scores[0].ShouldBe(outputs.matmul(cat([z, own, ones(1)])).data<float>().ToArray(), 1e-5f);
        scores[3].ShouldBe(outputs.matmul(cat([z, zeros(4), ones(1)])).data<float>().ToArray(), 1e-5f); // a cold-start user has no vector
        scores[2].ShouldNotBe(scores[1]);
        scores[4].ShouldAllBe(score => float.IsFinite(score));
    }

    [Fact]
    public void One_user_with_two_items_is_enough_to_learn_from()
    {
        var train = Sample.Of(1, 2, (0, 0, 1, 1), (0, 1, 1, 2));
        using var model = ((Caser)Caser.Info.Make(Small with { VerticalFilters = 0, BatchSize = 16 }, train)).Fit(train, epochs: 2);

        model.Scores(Sample.KnownUsers(train))[0].ShouldAllBe(score => float.IsFinite(score));
    }

    private static Caser Make() => new(Small, new ModelShape(3, 9));

    private static SequenceBatch Batch(params int[][] sequences)
    {
        var batch = new SequenceBatch();
        batch.Fill(sequences.Length, row => sequences[row]);
        batch.Load(CPU);
        return batch;
    }
}
