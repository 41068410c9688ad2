using Tastemaker.Inputs;
using Tastemaker.Models.Baselines;
using Tastemaker.Nn;
using TorchSharp;
using static TorchSharp.torch;

namespace Tastemaker.Tests.Models.Features;

public sealed class FactorizationMachineTests : IDisposable
{
    private readonly DisposeScope scope = NewDisposeScope();

    public void Dispose() => scope.Dispose();

    [Fact]
    public void The_linear_form_of_the_pairs_equals_the_sum_over_pairs()
    {
        manual_seed(3);
        var vectors = randn(7, 5, 4);

        var fast = PairwiseInteractions.Sum(vectors);

        for (var row = 0; row < 7; row++)
        {
            var sum = 0f;
            for (var one = 0; one < 5; one++)
            {
                for (var other = one + 1; other < 5; other++)
                {
                    sum += (vectors[row, one] * vectors[row, other]).sum().item<float>();
                }
            }

            fast[row].item<float>().ShouldBe(sum, 1e-4f);
        }

        PairwiseInteractions.Dots(vectors).sum([1]).allclose(fast, 1e-4, 1e-4).ShouldBeTrue();
        PairwiseInteractions.Sum(vectors.index_select(1, tensor(new long[] { 3, 1, 4, 0, 2 }))).allclose(fast, 1e-4, 1e-4).ShouldBeTrue();
        PairwiseInteractions.Sum(vectors.narrow(1, 0, 1)).abs().max().item<float>().ShouldBe(0, 1e-5f);
    }

    [Fact]
    public void A_row_is_read_as_the_weighted_sum_of_the_vectors_of_its_features()
    {
        var data = Rows.Data();
        var shape = Rows.Shape(data, "user", "tags", "price", "hour");
        using var layer = new FieldEmbeddings(shape.Features!.Schema, 3, Initializers.Normal(1));
        var batch = Rows.Batch(data, shape, 50);

        var vectors = layer.forward(batch); // user, hour, tags, price

        layer.Fields.Select(field => field.Name).ShouldBe(["user", "context.hour", "item.tags", "context.price"]);
        var table = layer.Table.Weight;
        for (var row = 0; row < 50; row++)
        {
            var (user, item) = (data.Interactions.Users[row], data.Interactions.Items[row]);
            vectors[row, 0].allclose(table[1 + user]).ShouldBeTrue(); // index 0 of a field is the unknown
            var tagStart = 21 + 4;
            var tags = shape.Features!.Items.Many[0][item].ToArray();
            var expected = tags.Length == 0 ? zeros(3) : stack(tags.Select(tag => table[tagStart + tag])).mean([0]);
            vectors[row, 2].allclose(expected).ShouldBeTrue();
            vectors[row, 3].allclose(table[tagStart + 4] * batch.Numbers[row, 0]).ShouldBeTrue();
        }
    }

    [Fact]
    public void Without_vectors_it_is_logistic_regression()
    {
        var data = Rows.Data();
        var shape = Rows.Shape(data);
        using var machine = new FactorizationMachine(shape, new FactorizationMachineOptions { Dimension = 2 });
        using var regression = new LogisticRegression(shape, new LogisticRegressionOptions());
        using (no_grad())
        {
            var state = machine.state_dict();
            state["linear.table.weight"].normal_();
            state["vectors.table.weight"].zero_();
            regression.state_dict()["linear.table.weight"].copy_(state["linear.table.weight"]);
        }

        var batch = Rows.Batch(data, shape, 30);

        machine.Logits(batch).allclose(regression.Logits(batch), 1e-5, 1e-5).ShouldBeTrue();
    }

    [Fact]
    public void Unknown_categories_can_be_zero_without_a_gradient()
    {
        var data = Rows.Data();
        var shape = Rows.Shape(data, "user(minimum-count=1000)", "hour");
        using var layer = new FieldEmbeddings(shape.Features!.Schema, 3, Initializers.Normal(1), zeroUnknown: true);
        var vectors = layer.forward(Rows.Batch(data, shape, 10));

        vectors.sum().backward();

        vectors.narrow(1, 0, 1).abs().sum().item<float>().ShouldBe(0);
        layer.Table.Weight.grad![0].abs().sum().item<float>().ShouldBe(0);
        layer.Table.Weight.grad!.abs().sum().item<float>().ShouldBeGreaterThan(0);
    }
}
