using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Tastemaker.Evaluation.Ranking;

/// <summary>Questions about all scores of a request, each answered in one pass of vector instructions.</summary>
internal static class ScoreScan
{
    /// <summary>The index of the first score that is NaN or infinite, or -1.</summary>
    public static int FirstNotFinite(ReadOnlySpan<float> scores)
    {
        ref var first = ref MemoryMarshal.GetReference(scores);
        var width = Vector256<float>.Count;
        var (s0, s1, s2, s3) = (Vector256<float>.Zero, Vector256<float>.Zero, Vector256<float>.Zero, Vector256<float>.Zero);
        var next = 0;
        for (; next <= scores.Length - (4 * width); next += 4 * width)
        {
            // 0 x finite = 0; 0 x infinity and 0 x NaN = NaN, which stays. Four sums, since one would wait for itself.
            s0 += Vector256.LoadUnsafe(ref first, (nuint)next) * Vector256<float>.Zero;
            s1 += Vector256.LoadUnsafe(ref first, (nuint)(next + width)) * Vector256<float>.Zero;
            s2 += Vector256.LoadUnsafe(ref first, (nuint)(next + (2 * width))) * Vector256<float>.Zero;
            s3 += Vector256.LoadUnsafe(ref first, (nuint)(next + (3 * width))) * Vector256<float>.Zero;
        }

        var finite = Vector256.EqualsAll(s0 + s1 + s2 + s3, Vector256<float>.Zero);
        for (var index = finite ? next : 0; index < scores.Length; index++)
        {
            if (!float.IsFinite(scores[index]))
            {
                return index;
            }
        }

        return -1;
    }

    /// <summary>How many scores are greater than, and how many are equal to, a value.</summary>
    public static (int Greater, int Equal) Count(ReadOnlySpan<float> scores, float value)
    {
        ref var first = ref MemoryMarshal.GetReference(scores);
        var reference = Vector256.Create(value);
        var greater = Vector256<int>.Zero;
        var equal = Vector256<int>.Zero;
        var next = 0;
        for (; next <= scores.Length - Vector256<float>.Count; next += Vector256<float>.Count)
        {
            var vector = Vector256.LoadUnsafe(ref first, (nuint)next);
            // A true lane is all ones, which is -1.
            greater -= Vector256.GreaterThan(vector, reference).AsInt32();
            equal -= Vector256.Equals(vector, reference).AsInt32();
        }

        var (above, same) = (Vector256.Sum(greater), Vector256.Sum(equal));
        for (; next < scores.Length; next++)
        {
            above += scores[next] > value ? 1 : 0;
            same += scores[next] == value ? 1 : 0;
        }

        return (above, same);
    }
}
