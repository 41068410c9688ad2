using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Tastemaker.Evaluation.Ranking;

/// <summary>
/// The best of many scores without sorting them all: a heap of the best so far, and vector compares that pass over everything below its
/// worst. For a catalog far longer than the list nearly all of the time is the compares.
/// </summary>
internal static class TopK
{
    private const int Stride = 4;

    /// <summary>
    /// Selects the best scores, best first, equal scores by lower index; an item of score negative infinity is no candidate.
    /// </summary>
    /// <param name="scores">One score an item; none is NaN.</param>
    /// <param name="items">Receives item indexes; its length is K.</param>
    /// <param name="values">Receives their scores; as long as <paramref name="items"/>.</param>
    /// <returns>How many were selected: K, or the number of candidates if there are fewer.</returns>
    public static int Select(ReadOnlySpan<float> scores, Span<int> items, Span<float> values)
    {
        if (values.Length != items.Length)
        {
            throw new ArgumentException("Items and values must have one length.", nameof(values));
        }

        if (items.IsEmpty)
        {
            return 0;
        }

        var count = Fill(scores, items, values, out var next);
        if (next < scores.Length)
        {
            Improve(scores, next, items, values);
        }

        Sort(items[..count], values[..count]);
        return count;
    }

    /// <summary>Takes the first K candidates and makes them a heap with the worst at the root.</summary>
    private static int Fill(ReadOnlySpan<float> scores, Span<int> items, Span<float> values, out int next)
    {
        var count = 0;
        next = 0;
        for (; next < scores.Length && count < items.Length; next++)
        {
            if (scores[next] > float.NegativeInfinity)
            {
                items[count] = next;
                values[count++] = scores[next];
            }
        }

        for (var parent = (count / 2) - 1; parent >= 0; parent--)
        {
            SiftDown(items[..count], values[..count], parent, items[parent], values[parent]);
        }

        return count;
    }

    private static void Improve(ReadOnlySpan<float> scores, int next, Span<int> items, Span<float> values)
    {
        ref var first = ref MemoryMarshal.GetReference(scores);
        var width = Vector256<float>.Count;
        for (; next <= scores.Length - (Stride * width); next += Stride * width)
        {
            var threshold = Vector256.Create(values[0]);
            var v0 = Vector256.LoadUnsafe(ref first, (nuint)next);
            var v1 = Vector256.LoadUnsafe(ref first, (nuint)(next + width));
            var v2 = Vector256.LoadUnsafe(ref first, (nuint)(next + (2 * width)));
            var v3 = Vector256.LoadUnsafe(ref first, (nuint)(next + (3 * width)));
            var above = Vector256.GreaterThan(v0, threshold) | Vector256.GreaterThan(v1, threshold)
                | Vector256.GreaterThan(v2, threshold) | Vector256.GreaterThan(v3, threshold);
            if (above == Vector256<float>.Zero)
            {
                continue;
            }

            for (var part = next; part < next + (Stride * width); part += width)
            {
                var vector = Vector256.LoadUnsafe(ref first, (nuint)part);
                Offer(vector, part, items, values);
            }
        }

        for (; next < scores.Length; next++)
        {
            if (scores[next] > values[0])
            {
                SiftDown(items, values, 0, next, scores[next]);
            }
        }
    }

    private static void Offer(Vector256<float> vector, int start, Span<int> items, Span<float> values)
    {
        var bits = Vector256.GreaterThan(vector, Vector256.Create(values[0])).ExtractMostSignificantBits();
        for (; bits != 0; bits &= bits - 1)
        {
            var lane = BitOperations.TrailingZeroCount(bits);
            // The root rises while the lanes are gone through, so each is compared again.
            if (vector[lane] > values[0])
            {
                SiftDown(items, values, 0, start + lane, vector[lane]);
            }
        }
    }

    /// <summary>Puts an entry at <paramref name="hole"/> or below, replacing what was there.</summary>
    private static void SiftDown(Span<int> items, Span<float> values, int hole, int item, float value)
    {
        while (true)
        {
            var child = (2 * hole) + 1;
            if (child >= items.Length)
            {
                break;
            }

            if (child + 1 < items.Length && IsWorse(values[child + 1], items[child + 1], values[child], items[child]))
            {
                child++;
            }

            if (!IsWorse(values[child], items[child], value, item))
            {
                break;
            }

            items[hole] = items[child];
            values[hole] = values[child];
            hole = child;
        }

        items[hole] = item;
        values[hole] = value;
    }

    /// <summary>Heap sort: the worst goes to the end of what is left.</summary>
    private static void Sort(Span<int> items, Span<float> values)
    {
        for (var last = items.Length - 1; last > 0; last--)
        {
            var (item, value) = (items[last], values[last]);
            items[last] = items[0];
            values[last] = values[0];
            SiftDown(items[..last], values[..last], 0, item, value);
        }
    }

    private static bool IsWorse(float value, int item, float otherValue, int otherItem) =>
        value < otherValue || (value == otherValue && item > otherItem);
}
