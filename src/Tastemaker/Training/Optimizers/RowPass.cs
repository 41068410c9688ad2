using System.Numerics;
using System.Runtime.CompilerServices;
using static Tastemaker.Native.TensorMemory;
using static TorchSharp.torch;

namespace Tastemaker.Training.Optimizers;

/// <summary>How an optimizer updates the numbers of a touched row, some of them at a time.</summary>
internal interface IRowRule
{
    /// <summary>Updates weights and state in place.</summary>
    /// <param name="weight">The weights.</param>
    /// <param name="first">State of the first slot beside them; means nothing where the optimizer has none.</param>
    /// <param name="second">State of the second slot; means nothing where the optimizer has none.</param>
    /// <param name="gradient">Their gradient.</param>
    void Update(ref Vector<float> weight, ref Vector<float> first, ref Vector<float> second, Vector<float> gradient);
}

/// <summary>The gradient of the rows of one table that a step touched.</summary>
/// <param name="Table">Index of the table in its <see cref="ParameterSet"/>.</param>
/// <param name="Rows">Distinct row indexes [n].</param>
/// <param name="Gradient">Their gradients [n, dimension].</param>
internal readonly record struct RowGradient(int Table, Tensor Rows, Tensor Gradient);

/// <summary>What an optimizer keeps a row of a table that is updated by row.</summary>
internal enum RowState
{
    /// <summary>A number beside every weight.</summary>
    BesideWeights,

    /// <summary>One number.</summary>
    OneNumber,
}

/// <summary>
/// One pass over touched rows of a table, or over whole parameters, in main memory: weights and state are read once, updated in registers and
/// written once. The same update in torch's operations gathers, computes and scatters a dozen temporaries. Numbers are independent of each other, so
/// the result does not depend on the number of threads.
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

    /// <summary>Applies a rule to every number of parameters that have gradients.</summary>
    /// <param name="rule">The update.</param>
    /// <param name="parameters">The parameters, contiguous.</param>
    /// <param name="gradients">One beside each.</param>
    /// <param name="first">State of the same shapes, or null.</param>
    /// <param name="second">State of the same shapes, or null.</param>
    public static void RunWhole<TRule>(TRule rule, Tensor[] parameters, Tensor[] gradients, Tensor[]? first = null, Tensor[]? second = null)
        where TRule : struct, IRowRule
    {
        var spans = new WholeSpan[parameters.Length];
        long total = 0;
        using var scope = NewDisposeScope(); // of gradients that had to be made contiguous
        for (var index = 0; index < parameters.Length; index++)
        {
            var gradient = gradients[index].is_contiguous() ? gradients[index] : gradients[index].contiguous();
            spans[index] = new WholeSpan((nint)Address(parameters[index]), (nint)Address(gradient), State(first, index), State(second, index), total, parameters[index].numel());
            total += spans[index].Length;
        }

        var parts = total < SmallestParallel ? 1 : get_num_threads();
        Parallel.For(0, parts, Parallelism.Loop(parts), part =>
        {
            var (begin, end) = (total * part / parts, total * (part + 1) / parts);
            foreach (var span in spans)
            {
                var until = Math.Min(end, span.Start + span.Length) - span.Start;
                for (var number = Math.Max(begin, span.Start) - span.Start; number < until; number += MostAtOnce)
                {
                    var count = (int)Math.Min(MostAtOnce, until - number);
                    UpdateRow(rule, (float*)span.Weight + number, At((float*)span.First, number), At((float*)span.Second, number), (float*)span.Gradient + number, count);
                }
            }
        });
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

    private static nint State(Tensor[]? slot, int index) => slot is null ? 0 : (nint)Address(slot[index]);

    private static float* At(float* slot, long number) => slot is null ? null : slot + number;

    /// <summary>One parameter of a whole update: addresses of its numbers, and their place among all.</summary>
    private readonly record struct WholeSpan(nint Weight, nint Gradient, nint First, nint Second, long Start, long Length);
}
