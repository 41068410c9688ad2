using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Tastemaker.Native;

/// <summary>
/// The values of tensors as arrays and spans, each in one copy. TorchSharp's own accessors walk over tensors of two and more dimensions value by value, with
/// a native call for each.
/// </summary>
internal static class TensorValues
{
    /// <summary>A copy of all values in row-major order, whatever the device and the strides.</summary>
    /// <exception cref="ArgumentException">The tensor holds values of another type.</exception>
    public static T[] ToValues<T>(this Tensor tensor)
        where T : unmanaged
    {
        var values = GC.AllocateUninitializedArray<T>(checked((int)tensor.numel()));
        CopyValues(tensor, values.AsSpan());
        return values;
    }

    /// <summary>Copies all values in row-major order.</summary>
    /// <exception cref="ArgumentException">The tensor holds values of another type, or more than the target.</exception>
    public static unsafe void CopyValues<T>(this Tensor tensor, Span<T> target)
        where T : unmanaged
    {
        var count = Count<T>(tensor);
        if (count > target.Length)
        {
            throw new ArgumentException($"The tensor holds {count} values; the target has room for {target.Length}.", nameof(target));
        }

        if (count == 0)
        {
            return;
        }

        using var detached = tensor.detach();
        using var here = detached.cpu();
        using var flat = here.contiguous();
        new ReadOnlySpan<T>(TensorMemory.Address(flat), count).CopyTo(target);
    }

    /// <summary>The values of a contiguous tensor in main memory, without a copy; the tensor must outlive their use.</summary>
    /// <exception cref="ArgumentException">The tensor holds values of another type.</exception>
    public static unsafe ReadOnlySpan<T> Values<T>(this Tensor tensor)
        where T : unmanaged => Count<T>(tensor) is 0 ? [] : new ReadOnlySpan<T>(TensorMemory.Address(tensor), Count<T>(tensor));

    private static int Count<T>(Tensor tensor)
        where T : unmanaged => tensor.element_size() == Unsafe.SizeOf<T>() && tensor.dtype == TypeOf<T>()
            ? checked((int)tensor.numel())
            : throw new ArgumentException($"The tensor holds values of type {tensor.dtype}, not {typeof(T).Name}.", nameof(tensor));

    private static ScalarType TypeOf<T>() => default(T) switch
    {
        float => ScalarType.Float32,
        double => ScalarType.Float64,
        int => ScalarType.Int32,
        long => ScalarType.Int64,
        bool => ScalarType.Bool,
        byte => ScalarType.Byte,
        _ => throw new ArgumentException($"Values of type {typeof(T).Name} are not supported."),
    };
}
