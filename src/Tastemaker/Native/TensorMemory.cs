using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Tastemaker.Native;

/// <summary>Addresses of tensors in main memory, for loops of ours over them.</summary>
internal static unsafe class TensorMemory
{
    /// <summary>Numbers that a span or an int can count the bytes of.</summary>
    public const int MostAtOnce = 1 << 28;

    /// <summary>The address of the first number of a contiguous tensor, which must outlive its use.</summary>
    public static void* Address(Tensor tensor)
    {
        if (tensor.numel() < MostAtOnce)
        {
            return Unsafe.AsPointer(ref MemoryMarshal.GetReference(tensor.bytes));
        }

        // Native memory does not move, so the address of the first number serves for all: a table may be larger than any span.
        using var flat = tensor.view(-1);
        using var head = flat.narrow(0, 0, 1);
        return Unsafe.AsPointer(ref MemoryMarshal.GetReference(head.bytes));
    }
}
