using static TorchSharp.torch;

namespace Tastemaker.Bench.Measuring;

/// <summary>What the machine can do at best, measured with libtorch on the threads it was given: the bounds beside our figures.</summary>
/// <param name="MultiplyRate">Floating-point operations a second of a float32 product of two 2048 x 2048 matrices; a multiply-add counts two.</param>
/// <param name="ReadRate">Bytes a second of summing 256 MiB: how fast memory can be read.</param>
internal sealed record MachineLimits(double MultiplyRate, double ReadRate)
{
    private const long Side = 2048;

    public static MachineLimits Measure()
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        var (left, right, product) = (rand(Side, Side), rand(Side, Side), empty(Side, Side));
        var memory = rand(64 << 20);
        var times = Rounds.Medians(
            1,
            () => product.addmm_(left, right, 0, 1),
            () => memory.sum().Dispose());
        return new MachineLimits(2.0 * Side * Side * Side / times[0], memory.numel() * sizeof(float) / times[1]);
    }
}
