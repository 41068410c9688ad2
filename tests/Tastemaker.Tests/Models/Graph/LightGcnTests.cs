using Tastemaker.Batches;
using Tastemaker.Data;
using Tastemaker.Inputs;
using Tastemaker.Models.Graph;
using Tastemaker.Nn;
using Tastemaker.Recommending;
using Tastemaker.Tests.Models.Baselines;
using static TorchSharp.torch;

namespace Tastemaker.Tests.Models.Graph;

public class LightGcnTests
{
    [Fact]
    public void Without_layers_it_is_matrix_factorization_with_the_loss_of_BPR()
    {
        using var scope = NewDisposeScope();
        var train = Sample.Random();
        using var model = Make(train, layers: 0, regularization: 0.3);
        var (users, items) = (model.Parameter("users.weight"), model.Parameter("items.weight"));
        using var batch = Comparisons((0, 1, 2), (3, 0, 4));

        var expected = 0.0;
        foreach (var (u, i, j) in new[] { (0, 1, 2), (3, 0, 4) })
        {
            var margin = (users[u] * (items[i] - items[j])).sum().item<float>();
            var squares = (users[u].square().sum() + items[i].square().sum() + items[j].square().sum()).item<float>();
            expected += (Math.Log(1 + Math.Exp(-margin)) + (0.3 / 2 * squares)) / 2;
        }

        model.Loss(batch).item<float>().ShouldBe((float)expected, 1e-5f);
        model.Scores(Sample.KnownUsers(train))[3][5].ShouldBe((users[3] * items[5]).sum().item<float>(), 1e-5f);
    }

    [Fact]
    public void A_user_and_an_item_that_have_only_each_other_end_as_their_mean()
    {
        using var scope = NewDisposeScope();
        var train = Sample.Of(2, 2, (0, 0, 1, 1));
        using var model = Make(train, layers: 3);
        var (users, items) = (model.Parameter("users.weight"), model.Parameter("items.weight"));
        var met = (users[0] + items[0]) / 2; // of E(0) to E(3), two are the own and two the other's
        var scores = model.Scores(Sample.KnownUsers(train));

        scores[0][0].ShouldBe(met.square().sum().item<float>(), 1e-6f);
        scores[1][0].ShouldBe((users[1] / 4 * met).sum().item<float>(), 1e-6f); // nobody's neighbor keeps E(0) / (K + 1)
        scores[1][1].ShouldBe((users[1] / 4 * (items[1] / 4)).sum().item<float>(), 1e-6f);
    }

    [Fact]
    public void The_normalized_graph_has_the_eigenvalue_1_at_the_roots_of_the_degrees()
    {
        using var scope = NewDisposeScope();
        var train = Sample.Random();
        var graph = CsrMatrix.Normalized(train.Seen);
        var users = tensor(Enumerable.Range(0, train.UserCount).Select(user => MathF.Sqrt(train.Seen.Length(user))).ToArray(), [train.UserCount, 1]);
        var items = tensor(Enumerable.Range(0, train.ItemCount).Select(item => MathF.Sqrt(train.ByItem.Length(item))).ToArray(), [train.ItemCount, 1]);

        graph.Times(items).allclose(users, 1e-4, 1e-4).ShouldBeTrue();
        graph.Transpose.Times(users).allclose(items, 1e-4, 1e-4).ShouldBeTrue();
    }

    [Fact]
    public void The_gradient_reaches_the_initial_vectors_through_all_layers()
    {
        using var scope = NewDisposeScope();
        using var model = Make(Sample.Random(users: 8, items: 6), layers: 2, regularization: 0.1);
        using var batch = Comparisons((0, 1, 2), (3, 0, 4));
        model.Loss(batch).backward();
        foreach (var table in new[] { model.Parameter("users.weight"), model.Parameter("items.weight") })
        {
            var gradient = table.grad!.clone();
            for (var row = 0; row < table.shape[0]; row++)
            {
                float At(float shift)
                {
                    using (no_grad())
                    {
                        table[row, 1].add_(shift);
                        var loss = model.Loss(batch).item<float>();
                        table[row, 1].sub_(shift);
                        return loss;
                    }
                }

                ((At(1e-2f) - At(-1e-2f)) / 2e-2f).ShouldBe(gradient[row, 1].item<float>(), 2e-4f);
            }
        }
    }

    [Fact]
    public void A_stranger_is_a_user_whose_own_vector_is_0_and_whom_the_items_do_not_know()
    {
        using var scope = NewDisposeScope();
        var train = Sample.Of(3, 3, (0, 0, 1, 1), (0, 1, 1, 2), (1, 1, 1, 3));
        using var model = Make(train, layers: 1);
        var items = model.Parameter("items.weight");
        var users = model.Parameter("users.weight");
        var vector = ((items[0] / 1) + (items[1] / Math.Sqrt(2))) / Math.Sqrt(2) / 2; // (1 / sqrt n) sum e_i / sqrt |N_i|, over K + 1 layers
        var item = (items[1] + (users[0] / Math.Sqrt(4)) + (users[1] / Math.Sqrt(2))) / 2;

        model.Scores(Requests.OfHistories(3, [0, 1, 1]))[0][1].ShouldBe((vector * item).sum().item<float>(), 1e-5f);
    }

    [Fact]
    public void Drawing_users_alike_gives_each_the_same_share_of_the_comparisons()
    {
        (int, int, float, long)[] rows = [.. Enumerable.Range(0, 90).Select(item => (0, item, 1f, 1L)), .. Enumerable.Range(0, 10).Select(item => (1, item, 1f, 1L))];
        var train = Sample.Of(3, 100, rows);
        var counts = new int[3];
        for (ulong epoch = 0; epoch < 20; epoch++)
        {
            foreach (var batch in new PairwiseSource(train, 16, visit: PairOrder.UsersAlike).Epoch(new SeededRandom(epoch)))
            {
                for (var row = 0; row < batch.Count; row++)
                {
                    counts[batch.UserBuffer[row]]++;
                    train.Seen[batch.UserBuffer[row]].Contains(batch.PositiveBuffer[row]).ShouldBeTrue();
                }
            }
        }

        counts.Sum().ShouldBe(2000);
        counts[0].ShouldBeInRange(900, 1100); // five deviations of 22
        counts[2].ShouldBe(0);
    }

    private static LightGcn Make(TrainingSet train, int layers, double regularization = 0)
    {
        var options = new LightGcnOptions { Dimension = 4, Layers = layers, Regularization = regularization, BatchSize = 16 };
        return new LightGcn(options, LightGcn.Info.Shape(options, train));
    }

    private static PairwiseBatch Comparisons(params (int User, int Item, int Other)[] rows)
    {
        var batch = new PairwiseBatch(rows.Length, 1) { Count = rows.Length };
        for (var row = 0; row < rows.Length; row++)
        {
            (batch.UserBuffer[row], batch.PositiveBuffer[row], batch.NegativeBuffer[row]) = rows[row];
        }

        batch.Load(CPU);
        return batch;
    }
}
