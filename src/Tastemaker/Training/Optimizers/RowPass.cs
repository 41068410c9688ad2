using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Tastemaker.Training.Optimizers;

/// <summary>
/// One pass over the touched rows of a table in main memory: each row's weights and state are read once, updated in registers and written
/// once. The same update in torch's operations gathers, computes and scatters a dozen temporaries. Rows are independent, so the result does not
/// depend on the number of threads.
/// </summary>
internal static unsafe class RowPass
{
    private const int SmallestParallel = 1 << 15; // numbers; below that, waking a second thread costs more than it saves

    /// <summary>Applies a rule to every touched row.</summary>
    /// <param name="rule">The update.</param>
    /// <param name="row">Which rows [n], int64 and distinct, and their gradients [n, dimension].</param>
    /// <param name="weight">The table [rows, dimension].</param>
    /// <param name="first">State of the same shape, or null.</param>
    /// <param name="second">State of the same shape, or null.</param>
    public static void Run<TRule>(TRule rule, in RowGradient row, Tensor weight, Tensor? first = null, Tensor? second = null)
        where TRule : struct, IRowRule
    {
        using var gradient = row.Gradient.contiguous();
        var (count, width) = ((int)row.Rows.shape[0], (int)weight.shape[1]);
        var rows = (long*)Address(row.Rows);
        var g = (float*)Address(gradient);
        var w = (float*)Address(weight);
        var s1 = first is null ? null : (float*)Address(first);
        var s2 = second is null ? null : (float*)Address(second);
        if ((long)count * width < SmallestParallel)
        {
            Update(0, count);
            return;
        }

        var parts = get_num_threads();
        Parallel.For(0, parts, Parallelism.Loop(parts), part =>
            Update((int)((long)count * part / parts), (int)((long)count * (part + 1) / parts)));

        void Update(int begin, int end)
        {
            for (var position = begin; position < end; position++)
            {
                var start = rows[position] * width;
                UpdateRow(rule, w + start, At(s1, start), At(s2, start), g + ((long)position * width), width);
            }
        }
    }

    private static void UpdateRow<TRule>(TRule rule, float* weight, float* first, float* second, float* gradient, int width)
        where TRule : struct, IRowRule
    {
        var number = 0;
        for (; number <= width - Vector<float>.Count; number += Vector<float>.Count)
        {
            UpdateSome(rule, weight + number, At(first, number), At(second, number), gradient + number, Vector<float>.Count);
        }

        if (number < width)
        {
            UpdateSome(rule, weight + number, At(first, number), At(second, number), gradient + number, width - number);
        }
    }

    // Inlined, so that the usual count is a constant and the copies become single instructions.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void UpdateSome<TRule>(TRule rule, float* weight, float* first, float* second, float* gradient, int count)
        where TRule : struct, IRowRule
    {
        var (w, s1, s2) = (Load(weight, count), Load(first, count), Load(second, count));
        rule.Update(ref w, ref s1, ref s2, Load(gradient, count));
        Store(w, weight, count);
        Store(s1, first, count);
        Store(s2, second, count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<float> Load(float* source, int count)
    {
        var vector = Vector<float>.Zero;
        if (source is not null)
        {
            Unsafe.CopyBlockUnaligned(&vector, source, (uint)(count * sizeof(float)));
        }

        return vector;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector<float> vector, float* target, int count)
    {
        if (target is not null)
        {
            Unsafe.CopyBlockUnaligned(target, &vector, (uint)(count * sizeof(float)));
        }
    }

    private static float* At(float* slot, long number) => slot is null ? null : slot + number;

    // Native memory does not move, so the address of the first number serves for all: a table may be larger than any span.
    private static void* Address(Tensor tensor)
    {
        using var head = tensor.flatten().narrow(0, 0, Math.Min(1, tensor.numel()));
        return Unsafe.AsPointer(ref MemoryMarshal.GetReference(head.bytes));
    }
}
