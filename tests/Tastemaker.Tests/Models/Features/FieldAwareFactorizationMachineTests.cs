using Tastemaker.Models.Baselines;
using Tastemaker.Nn;
using Tastemaker.Tests.Nn;
using TorchSharp;
using static TorchSharp.torch;

namespace Tastemaker.Tests.Models.Features;

public sealed class FieldAwareFactorizationMachineTests : IDisposable
{
    private readonly DisposeScope scope = NewDisposeScope();

    public void Dispose() => scope.Dispose();

    [Fact]
    public void A_pair_multiplies_what_each_feature_shows_to_the_others_field()
    {
        var v = randn(5, 4, 4, 3); // [row, field of the feature, field it meets, k]

        var sums = PairwiseInteractions.FieldAwareSum(v);

        for (var row = 0; row < 5; row++)
        {
            var sum = 0f;
            for (var one = 0; one < 4; one++)
            {
                for (var other = one + 1; other < 4; other++)
                {
                    sum += (v[row, one, other] * v[row, other, one]).sum().item<float>();
                }
            }

            sums[row].item<float>().ShouldBe(sum, 1e-4f);
        }
    }

    [Fact]
    public void With_the_same_vector_for_every_field_it_is_the_factorization_machine()
    {
        var data = Rows.Data();
        var shape = Rows.Shape(data, "user", "item", "tags", "price");
        using var aware = new FieldAwareFactorizationMachine(shape, new FieldAwareFactorizationMachineOptions { Dimension = 3, InstanceNormalization = false });
        using var machine = new FactorizationMachine(shape, new FactorizationMachineOptions { Dimension = 3 });
        var batch = Rows.Batch(data, shape, 50);
        using (no_grad())
        {
            var (one, other) = (aware.state_dict(), machine.state_dict());
            one["linear.table.weight"].normal_();
            other["linear.table.weight"].copy_(one["linear.table.weight"]);
            other["vectors.table.weight"].normal_();
            one["vectors.table.weight"].copy_(other["vectors.table.weight"].repeat(1, 4));
        }

        aware.Logits(batch).allclose(machine.Logits(batch), 1e-4, 1e-4).ShouldBeTrue();
    }

    [Fact]
    public void Every_row_is_scaled_to_length_1()
    {
        var data = Rows.Data();
        var shape = Rows.Shape(data, "user", "item", "tags(pool=sum)", "price(transform=raw)");
        using var plain = new FieldAwareFactorizationMachine(shape, new FieldAwareFactorizationMachineOptions { Dimension = 3, InstanceNormalization = false });
        using var scaled = new FieldAwareFactorizationMachine(shape, new FieldAwareFactorizationMachineOptions { Dimension = 3 });
        const int rows = 50;
        var batch = Rows.Batch(data, shape, rows);
        var tags = new[] { 1, 1, 2, 0 }; // number of an item's tags, by item modulo 4
        var squares = tensor(Enumerable.Range(0, rows).Select(row => // user and item, tags, price
            2 + tags[data.Interactions.Items[row] % 4] + MathF.Pow(((Tastemaker.Data.Features.NumericColumn)data.InteractionFeatures!.Find("price")!).Values[row], 2)).ToArray());
        using var grad = no_grad();
        foreach (var parameter in plain.parameters())
        {
            parameter.zero_(); // what the vectors begin with would count while the single features are compared
        }

        scaled.load_state_dict(plain.state_dict());
        foreach (var (table, power) in new[] { ("linear.table.weight", 0.5), ("vectors.table.weight", 1) })
        {
            // One part at a time: single features are divided by |x|, pairs by |x|^2.
            plain.state_dict()[table].normal_(0, 0.1);
            scaled.state_dict()[table].copy_(plain.state_dict()[table]);
            scaled.Logits(batch).ShouldBeClose(plain.Logits(batch) / squares.pow(power), 1e-3);
            plain.state_dict()[table].zero_();
            scaled.state_dict()[table].zero_();
        }
    }
}
