using Tastemaker.Models.Modern;
using Tastemaker.Tests.Nn;
using TorchSharp;
using static TorchSharp.torch;

namespace Tastemaker.Tests.Models.Features;

public sealed class XDeepFMTests : IDisposable
{
    private readonly DisposeScope scope = NewDisposeScope();

    public void Dispose() => scope.Dispose();

    [Fact]
    public void A_feature_map_sums_weighted_products_of_the_layer_before_and_the_fields()
    {
        using var network = new CompressedInteractions(3, [2, 4]);
        var (first, second) = (network.state_dict()["filters.0"], network.state_dict()["filters.1"]);
        var x0 = randn(5, 3, 6);

        var sums = network.forward(x0);

        var x1 = Layer(x0, x0, first);
        sums.ShouldBeClose(cat([x1.sum([2]), Layer(x1, x0, second).sum([2])], 1), 1e-4);
    }

    [Fact]
    public void The_logit_is_linear_in_features_feature_maps_and_the_top_of_the_deep_part()
    {
        var data = Rows.Data();
        var shape = Rows.Shape(data);
        using var model = new XDeepFM(shape, new XDeepFMOptions { Dimension = 3, FeatureMaps = [4, 2], Hidden = [7] });
        var batch = Rows.Batch(data, shape, 50);

        model.state_dict()["output.weight"].shape.ShouldBe([1, 4 + 2 + 7]);
        using (no_grad())
        {
            model.state_dict()["output.weight"].zero_();
            model.state_dict()["linear.table.weight"].fill_(1);
        }

        // Five fields of categories, whose weights add up to 1 unless the set is empty, and the price.
        var active = 4 + batch.Numbers.squeeze(1) + zeros(50).index_add(0, batch.EntrySlots.to(int64), batch.EntryWeights, 1);
        model.Logits(batch).ShouldBeClose(active, 1e-4);
    }

    private static Tensor Layer(Tensor x, Tensor x0, Tensor filter)
    {
        var maps = new List<Tensor>();
        for (var map = 0; map < filter.shape[0]; map++)
        {
            var sum = zeros_like(x0.select(1, 0));
            for (var one = 0; one < x.shape[1]; one++)
            {
                for (var other = 0; other < x0.shape[1]; other++)
                {
                    sum += filter[map, (one * x0.shape[1]) + other] * x.select(1, one) * x0.select(1, other);
                }
            }

            maps.Add(sum);
        }

        return stack(maps, 1);
    }
}
