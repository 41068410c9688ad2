using static TorchSharp.torch;

namespace Tastemaker.Tests.Nn;

/// <summary>Comparisons of tensors and of gradients in tests.</summary>
internal static class Numbers
{
    public static void ShouldBeClose(this Tensor actual, Tensor expected, double tolerance = 1e-5)
    {
        actual.shape.ShouldBe(expected.shape);
        (actual - expected).abs().max().to(float64).item<double>().ShouldBeLessThanOrEqualTo(tolerance);
    }

    public static float[] Values(this Tensor tensor) => [.. tensor.detach().cpu().contiguous().data<float>()];

    /// <summary>The gradient of a scalar function at <paramref name="at"/>.</summary>
    public static Tensor Gradient(Func<Tensor, Tensor> function, Tensor at)
    {
        var x = at.detach().clone().requires_grad_();
        function(x).backward();
        return x.grad!;
    }

    /// <summary>The gradient of a scalar function by central differences in double precision.</summary>
    public static Tensor Differences(Func<Tensor, Tensor> function, Tensor at, double width = 1e-5)
    {
        var gradient = zeros_like(at, float64).flatten();
        for (long element = 0; element < at.numel(); element++)
        {
            var step = zeros(at.numel(), float64);
            step[element] = width;
            var move = step.view(at.shape);
            gradient[element] = (function(at + move) - function(at - move)) / (2 * width);
        }

        return gradient.view(at.shape);
    }
}
