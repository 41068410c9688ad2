using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace Tastemaker.Batches;

/// <summary>
/// The examples of one step. A batch source fills its managed buffers on a worker thread; the training thread calls <see cref="Load"/> inside
/// the step's dispose scope to make the tensors, and <see cref="IDisposable.Dispose"/> hands the buffers back for reuse.
/// </summary>
public abstract class Batch : IDisposable
{
    /// <summary>Number of examples.</summary>
    public int Count { get; set; }

    /// <summary>Called by <see cref="Dispose"/>: puts the batch back where it was rented.</summary>
    internal Action<Batch>? Return { get; set; }

    /// <summary>Makes the tensors on a device; they live until the step's dispose scope ends.</summary>
    public abstract void Load(Device device);

    /// <inheritdoc/>
    public void Dispose()
    {
        Return?.Invoke(this);
        GC.SuppressFinalize(this);
    }

    /// <summary>The first <paramref name="count"/> numbers as a tensor [count] of int32.</summary>
    protected static Tensor Ids(int[] buffer, int count, Device device) => Ids(buffer.AsSpan(0, count), device);

    /// <summary>Numbers as a tensor [count] of int32.</summary>
    protected static Tensor Ids(ReadOnlySpan<int> values, Device device) => Copy(values, ScalarType.Int32, device);

    /// <summary>The first <paramref name="count"/> numbers as a tensor [count] of float32.</summary>
    protected static Tensor Floats(float[] buffer, int count, Device device) => Floats(buffer.AsSpan(0, count), device);

    /// <summary>Numbers as a tensor [count] of float32.</summary>
    protected static Tensor Floats(ReadOnlySpan<float> values, Device device) => Copy(values, ScalarType.Float32, device);

    private static Tensor Copy<T>(ReadOnlySpan<T> values, ScalarType type, Device device)
        where T : unmanaged
    {
        var result = empty(values.Length, type);
        MemoryMarshal.AsBytes(values).CopyTo(result.bytes);
        if (device.type == DeviceType.CPU)
        {
            return result;
        }

        // From pinned memory the copy runs beside the steps already queued; libtorch reuses the memory only when the copy is done.
        return result.pin_memory().to(device, non_blocking: true);
    }
}
