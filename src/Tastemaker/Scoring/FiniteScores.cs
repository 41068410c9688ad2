using System.Numerics;
using System.Runtime.InteropServices;

namespace Tastemaker.Scoring;

/// <summary>Checks that scores are numbers.</summary>
internal static class FiniteScores
{
    /// <summary>Whether no score is NaN or infinite, at the speed of memory.</summary>
    public static bool Are(ReadOnlySpan<float> scores)
    {
        // 0 x is 0 for every number and NaN for NaN and the infinities.
        var vectors = MemoryMarshal.Cast<float, Vector<float>>(scores);
        var sum = Vector<float>.Zero;
        foreach (var vector in vectors)
        {
            sum += vector * Vector<float>.Zero;
        }

        var rest = Vector.Sum(sum);
        foreach (var score in scores[(vectors.Length * Vector<float>.Count)..])
        {
            rest += score * 0;
        }

        return rest == 0;
    }
}
