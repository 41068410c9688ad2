using Tastemaker.Nn;
using Tastemaker.Options;
using TorchSharp;
using static TorchSharp.torch;

namespace Tastemaker.Tests.Nn;

[Collection(nameof(SerialTorch))]
public sealed class ObservedProductsTests
{
    private static readonly int[] Columns = [0, 3, 1, 2, 4, 0];
    private static readonly int[] Offsets = [0, 2, 2, 5, 6]; // the second row is empty

    [Theory]
    [InlineData(1, 5)]
    [InlineData(3, 5)]
    [InlineData(3, 67)] // longer than all vector registers of a round, and a rest
    public void One_product_an_entry_equals_the_product_of_all(int outputs, int width)
    {
        using var scope = NewDisposeScope();
        var dense = Learn(outputs, width, ObservedOutput.Dense, float32);
        var gathered = Learn(outputs, width, ObservedOutput.Gathered, float32);
        var byTorch = Learn(outputs, width, ObservedOutput.Gathered, float64); // what accelerators run
        gathered.Output.shape.ShouldBe([6, outputs]);
        gathered.Output.ShouldBeClose(dense.Output);
        gathered.Output.to(float64).ShouldBeClose(byTorch.Output);
        for (var index = 0; index < 3; index++)
        {
            gathered.Gradients[index].ShouldBeClose(dense.Gradients[index], 1e-4);
            gathered.Gradients[index].to(float64).ShouldBeClose(byTorch.Gradients[index], 1e-4);
        }
    }

    [Fact]
    public void Columns_nobody_observed_have_no_gradient()
    {
        using var scope = NewDisposeScope();
        var gradient = Learn(2, 4, ObservedOutput.Gathered, float32).Gradients[1].abs().sum(1).Values();
        gradient.Select(sum => sum > 0).ShouldBe([true, true, true, true, true, true, true, true, true, true, false, false]); // column 5
    }

    [Fact]
    public void Threads_change_no_bit()
    {
        using var scope = NewDisposeScope();
        var threads = get_num_threads();
        try
        {
            set_num_threads(1);
            var alone = Large();
            set_num_threads(3);
            var together = Large();
            together.Zip(alone).ShouldAllBe(pair => pair.First.SequenceEqual(pair.Second));
        }
        finally
        {
            set_num_threads(threads);
        }

        static float[][] Large()
        {
            manual_seed(3);
            var (hidden, weight, bias) = (randn(200, 101, requires_grad: true), randn(50, 101, requires_grad: true), randn(50, requires_grad: true));
            var columns = randint(0, 50, 4000, int32);
            var output = ObservedProducts.Of(hidden, weight, bias, columns, arange(0, 4001, 20, int32), 1, ObservedOutput.Gathered);
            output.square().sum().backward();
            return [output.Values(), hidden.grad!.Values(), weight.grad!.Values(), bias.grad!.Values()];
        }
    }

    private static (Tensor Output, Tensor[] Gradients) Learn(int outputs, int width, ObservedOutput way, ScalarType type)
    {
        manual_seed(7);
        Tensor[] given = [randn(4, width), randn(6 * outputs, width), randn(6 * outputs)];
        Tensor[] leaves = [.. given.Select(tensor => tensor.to(type).requires_grad_())];
        var output = ObservedProducts.Of(leaves[0], leaves[1], leaves[2], tensor(Columns), tensor(Offsets), outputs, way);
        (output.square() * arange(1, 7).unsqueeze(1)).sum().backward();
        return (output.detach(), [.. leaves.Select(leaf => leaf.grad!)]);
    }
}
