using System.Numerics;
using System.Runtime.CompilerServices;
using static Tastemaker.Native.TensorMemory;
using static TorchSharp.torch;

namespace Tastemaker.Nn;

/// <summary>
/// The loops of <see cref="ObservedProducts"/> over float32 in main memory: reads the weights of observed entries where they lie, instead of gathering
/// them first. Results do not depend on the number of threads: they share rows forward, and parts of the hidden width backward.
/// </summary>
internal static unsafe class EntryKernel
{
    private const int SmallestParallel = 1 << 18; // multiplications; below that, waking a second thread costs more than it saves

    /// <summary>Writes [nnz, K]; shapes as of <see cref="ObservedProducts.Of"/>.</summary>
    public static void Forward(Tensor hidden, Tensor weight, Tensor bias, Tensor columns, Tensor offsets, Tensor result)
    {
        var (width, outputs) = ((int)hidden.shape[1], (int)result.shape[1]);
        var h = (float*)Address(hidden);
        var w = (float*)Address(weight);
        var b = (float*)Address(bias);
        var target = (float*)Address(result);
        var c = (int*)Address(columns);
        var starts = (int*)Address(offsets);
        Run((int)hidden.shape[0], result.numel() * width, (first, end) =>
        {
            for (var row = first; row < end; row++)
            {
                var vector = h + ((long)row * width);
                for (long entry = starts[row]; entry < starts[row + 1]; entry++)
                {
                    var output = c[entry] * (long)outputs;
                    for (var level = 0; level < outputs; level++, output++)
                    {
                        target[(entry * outputs) + level] = Dot(vector, w + (output * width), width) + b[output];
                    }
                }
            }
        });
        KeepAlive(hidden, weight, bias, columns, offsets, result);
    }

    /// <summary>Adds the gradients of what the outputs were made of, given theirs [nnz, K].</summary>
    public static void Backward(Tensor hidden, Tensor weight, Tensor columns, Tensor offsets, Tensor given, Tensor ofHidden, Tensor ofWeight, Tensor ofBias)
    {
        var (width, outputs, rows) = ((int)hidden.shape[1], (int)given.shape[1], (int)hidden.shape[0]);
        var h = (float*)Address(hidden);
        var w = (float*)Address(weight);
        var g = (float*)Address(given);
        var c = (int*)Address(columns);
        var starts = (int*)Address(offsets);
        var toHidden = (float*)Address(ofHidden);
        var toWeight = (float*)Address(ofWeight);
        var toBias = (float*)Address(ofBias);
        Run(width, given.numel() * width, (first, end) =>
        {
            for (var row = 0; row < rows; row++)
            {
                var of = (long)row * width;
                for (long entry = starts[row]; entry < starts[row + 1]; entry++)
                {
                    var output = c[entry] * (long)outputs;
                    for (var level = 0; level < outputs; level++, output++)
                    {
                        var slope = g[(entry * outputs) + level];
                        Exchange(slope, h + of, w + (output * width), toHidden + of, toWeight + (output * width), first, end);
                        if (first == 0)
                        {
                            toBias[output] += slope;
                        }
                    }
                }
            }
        });
        KeepAlive(hidden, weight, columns, offsets, given, ofHidden, ofWeight, ofBias);
    }

    private static void KeepAlive(params ReadOnlySpan<Tensor> tensors)
    {
        foreach (var tensor in tensors)
        {
            GC.KeepAlive(tensor);
        }
    }

    private static void Run(int count, long work, Action<int, int> run)
    {
        var parts = work < SmallestParallel ? 1 : Math.Min(count, get_num_threads());
        if (parts <= 1)
        {
            run(0, count);
            return;
        }

        Parallel.For(0, parts, Parallelism.Loop(parts), part => run((int)((long)count * part / parts), (int)((long)count * (part + 1) / parts)));
    }

    // Four sums side by side: one would wait for itself.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Dot(float* left, float* right, int width)
    {
        var (a, b, c, d) = (Vector<float>.Zero, Vector<float>.Zero, Vector<float>.Zero, Vector<float>.Zero);
        var size = Vector<float>.Count;
        var number = 0;
        for (; number <= width - (4 * size); number += 4 * size)
        {
            a = Vector.FusedMultiplyAdd(Vector.Load(left + number), Vector.Load(right + number), a);
            b = Vector.FusedMultiplyAdd(Vector.Load(left + number + size), Vector.Load(right + number + size), b);
            c = Vector.FusedMultiplyAdd(Vector.Load(left + number + (2 * size)), Vector.Load(right + number + (2 * size)), c);
            d = Vector.FusedMultiplyAdd(Vector.Load(left + number + (3 * size)), Vector.Load(right + number + (3 * size)), d);
        }

        for (; number <= width - size; number += size)
        {
            a = Vector.FusedMultiplyAdd(Vector.Load(left + number), Vector.Load(right + number), a);
        }

        var sum = Vector.Sum(a + b + (c + d));
        for (; number < width; number++)
        {
            sum = float.FusedMultiplyAdd(left[number], right[number], sum);
        }

        return sum;
    }

    // toLeft += slope right; toRight += slope left.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Exchange(float slope, float* left, float* right, float* toLeft, float* toRight, int first, int end)
    {
        var factor = new Vector<float>(slope);
        var number = first;
        for (; number <= end - Vector<float>.Count; number += Vector<float>.Count)
        {
            Vector.Store(Vector.FusedMultiplyAdd(factor, Vector.Load(right + number), Vector.Load(toLeft + number)), toLeft + number);
            Vector.Store(Vector.FusedMultiplyAdd(factor, Vector.Load(left + number), Vector.Load(toRight + number)), toRight + number);
        }

        for (; number < end; number++)
        {
            toLeft[number] = float.FusedMultiplyAdd(slope, right[number], toLeft[number]);
            toRight[number] = float.FusedMultiplyAdd(slope, left[number], toRight[number]);
        }
    }
}
