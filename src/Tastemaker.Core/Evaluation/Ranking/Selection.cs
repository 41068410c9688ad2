using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Tastemaker.Evaluation.Ranking;

/// <summary>
/// The K best scores of a catalog that comes part by part, in ascending order of items. Whatever beats a threshold is put aside; when the room for
/// that is full, the best K stay and the threshold rises to the worst of them. Nearly all scores meet nothing but one vector compare.
/// </summary>
/// <param name="k">Length of the list, at least 1.</param>
/// <param name="items">Room for item indexes, <see cref="Room"/> of them.</param>
/// <param name="values">Room for their scores.</param>
internal ref struct Selection(int k, Span<int> items, Span<float> values)
{
    private const int Groups = 128;
    private const int LongestForBound = Groups / 2;
    private const int Stride = 64;
    private const int BoundSteps = 8;

    private readonly Span<int> items = items;
    private readonly Span<float> values = values;

    /// <summary>How many scores are put aside.</summary>
    public int Count { get; set; }

    /// <summary>What a score must exceed to be put aside.</summary>
    public float Threshold { get; set; } = float.NegativeInfinity;

    /// <summary>Room that a list of length K needs.</summary>
    public static int Room(int k) => checked((2 * k) + (2 * Stride));

    /// <summary>Takes the next part. An item of score negative infinity is no candidate; none is NaN.</summary>
    /// <param name="scores">One score an item.</param>
    /// <param name="first">Index of the first of them.</param>
    public void Add(ReadOnlySpan<float> scores, int first)
    {
        if (Count == 0 && k <= LongestForBound && scores.Length >= 2 * Groups)
        {
            Threshold = Math.Max(Threshold, BelowBest(scores));
        }

        ref var start = ref MemoryMarshal.GetReference(scores);
        var next = 0;
        for (; next <= scores.Length - Stride; next += Stride)
        {
            var bits = Above(ref start, next, Threshold);
            if (bits != 0)
            {
                Keep(bits, scores, next, first);
            }
        }

        for (; next < scores.Length; next++)
        {
            if (scores[next] > Threshold)
            {
                Keep(1, scores, next, first);
            }
        }
    }

    /// <summary>Puts the best in front, best first, equal scores by lower index; returns how many: K, or all candidates if there are fewer.</summary>
    public int Finish()
    {
        Prune();
        Heap.Sort(items[..Count], values[..Count]);
        return Count;
    }

    private void Keep(ulong bits, ReadOnlySpan<float> scores, int next, int first)
    {
        for (; bits != 0; bits &= bits - 1)
        {
            var index = next + BitOperations.TrailingZeroCount(bits);
            items[Count] = first + index;
            values[Count++] = scores[index];
        }

        if (Count > items.Length - Stride)
        {
            Prune();
        }
    }

    /// <summary>Keeps the best K, as a heap with the worst at the root.</summary>
    private void Prune()
    {
        var kept = Math.Min(k, Count);
        var heapItems = items[..kept];
        var heapValues = values[..kept];
        Heap.Make(heapItems, heapValues);
        for (var entry = kept; entry < Count; entry++)
        {
            if (Heap.IsWorse(heapValues[0], heapItems[0], values[entry], items[entry]))
            {
                Heap.ReplaceWorst(heapItems, heapValues, items[entry], values[entry]);
            }
        }

        Count = kept;
        if (kept == k)
        {
            // Later items have higher indexes: with an equal score they would stand below.
            Threshold = heapValues[0];
        }
    }

    /// <summary>
    /// A number that at least K of the scores exceed, or negative infinity. Each of 128 groups of scores has a maximum; whatever K of these exceed, K
    /// scores exceed. It is found by halving, roughly: a bound need not be tight.
    /// </summary>
    private readonly float BelowBest(ReadOnlySpan<float> scores)
    {
        Span<float> best = stackalloc float[Groups];
        scores[..Groups].CopyTo(best);
        var maxima = MemoryMarshal.Cast<float, Vector<float>>(best);
        for (var next = Groups; next <= scores.Length - Groups; next += Groups)
        {
            var part = MemoryMarshal.Cast<float, Vector<float>>(scores.Slice(next, Groups));
            for (var group = 0; group < maxima.Length; group++)
            {
                maxima[group] = Vector.ConditionalSelect(Vector.GreaterThan(part[group], maxima[group]), part[group], maxima[group]);
            }
        }

        var (low, high) = (float.NegativeInfinity, float.NegativeInfinity);
        var least = float.PositiveInfinity;
        foreach (var maximum in best)
        {
            high = Math.Max(high, maximum);
            least = Math.Min(least, maximum);
        }

        for (var step = 0; step < BoundSteps; step++)
        {
            var middle = low > least ? low + ((high - low) / 2) : least + ((high - least) / 2);
            if (!float.IsFinite(middle) || middle >= high)
            {
                break;
            }

            if (CountAbove(maxima, middle) >= k)
            {
                low = middle;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }

    private static int CountAbove(ReadOnlySpan<Vector<float>> maxima, float value)
    {
        var (count, reference) = (Vector<int>.Zero, new Vector<float>(value));
        foreach (var vector in maxima)
        {
            count -= Vector.GreaterThan(vector, reference); // a true lane is all ones, which is -1
        }

        return Vector.Sum(count);
    }

    /// <summary>A bit for each of 64 scores: whether it exceeds the threshold.</summary>
    private static ulong Above(ref float start, int next, float threshold)
    {
        if (Vector512.IsHardwareAccelerated)
        {
            var reference = Vector512.Create(threshold);
            var m0 = Vector512.GreaterThan(Vector512.LoadUnsafe(ref start, (nuint)next), reference).ExtractMostSignificantBits();
            var m1 = Vector512.GreaterThan(Vector512.LoadUnsafe(ref start, (nuint)next + 16), reference).ExtractMostSignificantBits();
            var m2 = Vector512.GreaterThan(Vector512.LoadUnsafe(ref start, (nuint)next + 32), reference).ExtractMostSignificantBits();
            var m3 = Vector512.GreaterThan(Vector512.LoadUnsafe(ref start, (nuint)next + 48), reference).ExtractMostSignificantBits();
            return m0 | (m1 << 16) | (m2 << 32) | (m3 << 48);
        }

        var least = Vector256.Create(threshold);
        var bits = 0UL;
        for (var part = 0; part < Stride; part += 8)
        {
            bits |= (ulong)Vector256.GreaterThan(Vector256.LoadUnsafe(ref start, (nuint)(next + part)), least).ExtractMostSignificantBits() << part;
        }

        return bits;
    }
}
