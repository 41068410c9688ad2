using Shouldly;
using Tastemaker.Nn;
using Xunit;
using static TorchSharp.torch;

namespace Tastemaker.Tests.Nn;

public class InitializersTests
{
    [Theory]
    [InlineData(0.001)]
    [InlineData(0.03)]
    [InlineData(2.0)]
    public void Truncated_normal_numbers_have_the_deviation_asked_for_and_stay_within_two(double deviation)
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        random.manual_seed(3);
        var numbers = empty(100_000);

        Initializers.TruncatedNormal(deviation)(numbers);

        // A normal cut at two deviations has 0.8796 of the deviation.
        (numbers.std().item<float>() / deviation).ShouldBe(0.8796, 0.01);
        (numbers.mean().item<float>() / deviation).ShouldBe(0, 0.02);
        (numbers.abs().max().item<float>() / deviation).ShouldBeInRange(1.9, 2.0001);
    }
}
