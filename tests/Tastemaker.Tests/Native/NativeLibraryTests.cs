using TorchSharp;

namespace Tastemaker.Tests.Native;

/// <summary>TorchSharp, libtorch and the OpenMP runtime beside it load in this process and compute.</summary>
public sealed class NativeLibraryTests
{
    [Fact]
    public void A_tensor_adds_up()
    {
        using var ones = torch.ones(3);
        using var sum = ones.sum();
        sum.item<float>().ShouldBe(3f);
    }

    [Fact]
    public void Parallel_work_on_several_threads_gives_the_sequential_answer()
    {
        const int Size = 256;
        using var a = torch.arange(Size * Size, dtype: torch.float64).reshape(Size, Size) / Size;
        using var b = torch.eye(Size, dtype: torch.float64) * 2;
        int before = torch.get_num_threads();
        try
        {
            torch.set_num_threads(2);
            using var parallel = a.matmul(b);
            torch.set_num_threads(1);
            using var sequential = a.matmul(b);
            parallel.allclose(sequential).ShouldBeTrue();
        }
        finally
        {
            torch.set_num_threads(before);
        }
    }

    [Fact]
    public void A_native_error_arrives_as_a_managed_exception()
    {
        using var a = torch.ones(2, 3);
        using var b = torch.ones(2, 3);
        Should.Throw<Exception>(() => a.mm(b)).Message.ShouldContain("mat1 and mat2");
    }
}
