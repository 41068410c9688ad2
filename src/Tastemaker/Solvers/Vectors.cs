using System.Numerics;
using System.Runtime.InteropServices;

namespace Tastemaker.Solvers;

/// <summary>
/// The few vector operations of solvers that work row by row, in SIMD. Each adds in an order that depends on the length only, so a result does
/// not change with the batch it is part of.
/// </summary>
internal static class Vectors
{
    /// <summary>The inner product.</summary>
    public static float Dot(ReadOnlySpan<float> left, ReadOnlySpan<float> right)
    {
        var a = MemoryMarshal.Cast<float, Vector<float>>(left);
        var b = MemoryMarshal.Cast<float, Vector<float>>(right[..left.Length]);
        var sum = Vector<float>.Zero;
        for (var block = 0; block < a.Length; block++)
        {
            sum = Vector.FusedMultiplyAdd(a[block], b[block], sum);
        }

        var result = Vector.Sum(sum);
        for (var rest = a.Length * Vector<float>.Count; rest < left.Length; rest++)
        {
            result = float.FusedMultiplyAdd(left[rest], right[rest], result);
        }

        return result;
    }

    /// <summary>The inner product in double precision.</summary>
    public static double Dot(ReadOnlySpan<double> left, ReadOnlySpan<double> right)
    {
        var a = MemoryMarshal.Cast<double, Vector<double>>(left);
        var b = MemoryMarshal.Cast<double, Vector<double>>(right[..left.Length]);
        var sum = Vector<double>.Zero;
        for (var block = 0; block < a.Length; block++)
        {
            sum = Vector.FusedMultiplyAdd(a[block], b[block], sum);
        }

        var result = Vector.Sum(sum);
        for (var rest = a.Length * Vector<double>.Count; rest < left.Length; rest++)
        {
            result = double.FusedMultiplyAdd(left[rest], right[rest], result);
        }

        return result;
    }

    /// <summary><c>target += scale * source</c>.</summary>
    public static void AddScaled(Span<float> target, float scale, ReadOnlySpan<float> source)
    {
        var y = MemoryMarshal.Cast<float, Vector<float>>(target);
        var x = MemoryMarshal.Cast<float, Vector<float>>(source[..target.Length]);
        var factor = new Vector<float>(scale);
        for (var block = 0; block < y.Length; block++)
        {
            y[block] = Vector.FusedMultiplyAdd(factor, x[block], y[block]);
        }

        for (var rest = y.Length * Vector<float>.Count; rest < target.Length; rest++)
        {
            target[rest] = float.FusedMultiplyAdd(scale, source[rest], target[rest]);
        }
    }

    /// <summary><c>target += scale * source</c> in double precision.</summary>
    public static void AddScaled(Span<double> target, double scale, ReadOnlySpan<double> source)
    {
        var y = MemoryMarshal.Cast<double, Vector<double>>(target);
        var x = MemoryMarshal.Cast<double, Vector<double>>(source[..target.Length]);
        var factor = new Vector<double>(scale);
        for (var block = 0; block < y.Length; block++)
        {
            y[block] = Vector.FusedMultiplyAdd(factor, x[block], y[block]);
        }

        for (var rest = y.Length * Vector<double>.Count; rest < target.Length; rest++)
        {
            target[rest] = double.FusedMultiplyAdd(scale, source[rest], target[rest]);
        }
    }

    /// <summary><c>target += scale * source</c>, the sum in double precision.</summary>
    public static void AddScaled(Span<double> target, double scale, ReadOnlySpan<float> source)
    {
        var y = MemoryMarshal.Cast<double, Vector<double>>(target);
        var x = MemoryMarshal.Cast<float, Vector<float>>(source[..target.Length]);
        var factor = new Vector<double>(scale);
        for (var block = 0; block < x.Length; block++)
        {
            Vector.Widen(x[block], out var low, out var high);
            y[2 * block] = Vector.FusedMultiplyAdd(factor, low, y[2 * block]);
            y[(2 * block) + 1] = Vector.FusedMultiplyAdd(factor, high, y[(2 * block) + 1]);
        }

        for (var rest = x.Length * Vector<float>.Count; rest < target.Length; rest++)
        {
            target[rest] = double.FusedMultiplyAdd(scale, source[rest], target[rest]);
        }
    }

    /// <summary><c>target = scale * source</c>; the two may be the same.</summary>
    public static void Scale(Span<double> target, double scale, ReadOnlySpan<double> source)
    {
        var y = MemoryMarshal.Cast<double, Vector<double>>(target);
        var x = MemoryMarshal.Cast<double, Vector<double>>(source[..target.Length]);
        for (var block = 0; block < y.Length; block++)
        {
            y[block] = scale * x[block];
        }

        for (var rest = y.Length * Vector<double>.Count; rest < target.Length; rest++)
        {
            target[rest] = scale * source[rest];
        }
    }

    /// <summary><c>target = scale * source</c>, widened to double precision.</summary>
    public static void Scale(Span<double> target, double scale, ReadOnlySpan<float> source)
    {
        var y = MemoryMarshal.Cast<double, Vector<double>>(target);
        var x = MemoryMarshal.Cast<float, Vector<float>>(source[..target.Length]);
        for (var block = 0; block < x.Length; block++)
        {
            Vector.Widen(x[block], out var low, out var high);
            (y[2 * block], y[(2 * block) + 1]) = (scale * low, scale * high);
        }

        for (var rest = x.Length * Vector<float>.Count; rest < target.Length; rest++)
        {
            target[rest] = scale * source[rest];
        }
    }

    /// <summary>
    /// One stochastic gradient step on an inner product: <c>p = keep p + step q</c> and <c>q = keep q + step p</c>, both from the old values.
    /// </summary>
    public static void Exchange(Span<float> p, Span<float> q, float keep, float step)
    {
        var pBlocks = MemoryMarshal.Cast<float, Vector<float>>(p);
        var qBlocks = MemoryMarshal.Cast<float, Vector<float>>(q[..p.Length]);
        var (keeps, steps) = (new Vector<float>(keep), new Vector<float>(step));
        for (var block = 0; block < pBlocks.Length; block++)
        {
            var (oldP, oldQ) = (pBlocks[block], qBlocks[block]);
            pBlocks[block] = Vector.FusedMultiplyAdd(keeps, oldP, steps * oldQ);
            qBlocks[block] = Vector.FusedMultiplyAdd(keeps, oldQ, steps * oldP);
        }

        for (var rest = pBlocks.Length * Vector<float>.Count; rest < p.Length; rest++)
        {
            (p[rest], q[rest]) = ((keep * p[rest]) + (step * q[rest]), (keep * q[rest]) + (step * p[rest]));
        }
    }

    /// <summary>
    /// One stochastic gradient step on a difference of inner products, from the old values: <c>p = keep p + step (better - worse)</c>,
    /// <c>better = keep better + step p</c>, <c>worse = keep worse - step p</c>.
    /// </summary>
    public static void Contrast(Span<float> p, Span<float> better, Span<float> worse, float keep, float step)
    {
        var pBlocks = MemoryMarshal.Cast<float, Vector<float>>(p);
        var betterBlocks = MemoryMarshal.Cast<float, Vector<float>>(better);
        var worseBlocks = MemoryMarshal.Cast<float, Vector<float>>(worse);
        var (keeps, steps) = (new Vector<float>(keep), new Vector<float>(step));
        for (var block = 0; block < pBlocks.Length; block++)
        {
            var (oldP, oldBetter, oldWorse) = (pBlocks[block], betterBlocks[block], worseBlocks[block]);
            pBlocks[block] = Vector.FusedMultiplyAdd(keeps, oldP, steps * (oldBetter - oldWorse));
            betterBlocks[block] = Vector.FusedMultiplyAdd(keeps, oldBetter, steps * oldP);
            worseBlocks[block] = Vector.FusedMultiplyAdd(keeps, oldWorse, -steps * oldP);
        }

        for (var rest = pBlocks.Length * Vector<float>.Count; rest < p.Length; rest++)
        {
            var (oldP, oldBetter, oldWorse) = (p[rest], better[rest], worse[rest]);
            p[rest] = (keep * oldP) + (step * (oldBetter - oldWorse));
            better[rest] = (keep * oldBetter) + (step * oldP);
            worse[rest] = (keep * oldWorse) - (step * oldP);
        }
    }

    /// <summary><c>target = 1 / (1 + exp(shift - source))</c>, the logistic function of what exceeds the shift; returns the sum.</summary>
    public static float Logistic(ReadOnlySpan<float> source, float shift, Span<float> target)
    {
        var x = MemoryMarshal.Cast<float, Vector<float>>(source);
        var y = MemoryMarshal.Cast<float, Vector<float>>(target[..source.Length]);
        var (bar, sum) = (new Vector<float>(shift), Vector<float>.Zero);
        for (var block = 0; block < x.Length; block++)
        {
            y[block] = Vector<float>.One / (Vector<float>.One + Vector.Exp(bar - x[block]));
            sum += y[block];
        }

        var result = Vector.Sum(sum);
        for (var rest = x.Length * Vector<float>.Count; rest < source.Length; rest++)
        {
            target[rest] = 1 / (1 + MathF.Exp(shift - source[rest]));
            result += target[rest];
        }

        return result;
    }
}
