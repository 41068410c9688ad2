using Tastemaker.Nn;
using static TorchSharp.torch;

namespace Tastemaker.Tests.Nn;

public sealed class RowFiltersTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void The_largest_value_of_a_filter_is_found_within_the_text(int height)
    {
        using var scope = NewDisposeScope();
        random.manual_seed(2);
        using var filters = new RowFilters(dimension: 4, filters: 5, height);
        using (no_grad())
        {
            filters.get_parameter("bias")!.fill_(-9); // every value is negative, and a window over padding would be larger or smaller than all
        }

        var rows = randn([3, 6, 4], requires_grad: true);
        var lengths = (int[])[6, 4, 3];
        var isRow = stack([.. lengths.Select(length => cat([ones(length), zeros(6 - length)]))]);
        var largest = filters.Largest(rows, isRow);
        largest.sum().backward();

        for (var text = 0; text < 3; text++)
        {
            var own = filters.forward(rows[text].narrow(0, 0, lengths[text]).unsqueeze(0)).amax([1]);
            largest[text].allclose(own[0], 1e-5, 1e-6).ShouldBeTrue();
            var slopes = rows.grad![text].abs().sum(1);
            slopes.narrow(0, 0, lengths[text]).sum().item<float>().ShouldBeGreaterThan(0);
            (lengths[text] == 6 ? 0 : slopes.narrow(0, lengths[text], 6 - lengths[text]).sum().item<float>()).ShouldBe(0);
        }
    }

    [Fact]
    public void A_text_shorter_than_the_filters_has_one_window_that_zeros_fill()
    {
        using var scope = NewDisposeScope();
        random.manual_seed(2);
        using var filters = new RowFilters(dimension: 4, filters: 5, height: 3);
        var rows = randn(2, 4, 4); // what lies beyond the end is not zero
        var largest = filters.Largest(rows, tensor(new float[] { 1, 0, 0, 0, 0, 0, 0, 0 }, [2, 4]));
        var weight = filters.get_parameter("weight")!;

        largest[0].allclose(weight.select(2, 0).matmul(rows[0][0]) + filters.get_parameter("bias")!, 1e-5, 1e-6).ShouldBeTrue();
        largest[1].allclose(filters.get_parameter("bias")!, 1e-5, 1e-6).ShouldBeTrue(); // and of none, the value of zeros
    }
}
