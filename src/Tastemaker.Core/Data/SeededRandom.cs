using System.Numerics;

namespace Tastemaker.Data;

/// <summary>
/// A small, fast pseudo-random generator (xoshiro256**, Blackman and Vigna 2018) whose stream for a seed is fixed by this code: the same
/// split, batch and sample on every machine and runtime. Not for cryptography. Not thread-safe: give each thread its own stream.
/// </summary>
public sealed class SeededRandom
{
    private ulong s0;
    private ulong s1;
    private ulong s2;
    private ulong s3;

    /// <summary>A stream for a seed and, optionally, names of the stream (an epoch, a worker): other names, unrelated streams.</summary>
    public SeededRandom(ulong seed, params ReadOnlySpan<ulong> stream)
    {
        var state = seed;
        foreach (var part in stream)
        {
            state = Mix(state) ^ (part * 0x9E3779B97F4A7C15);
        }

        s0 = Mix(state += 0x9E3779B97F4A7C15);
        s1 = Mix(state += 0x9E3779B97F4A7C15);
        s2 = Mix(state += 0x9E3779B97F4A7C15);
        s3 = Mix(state + 0x9E3779B97F4A7C15);
    }

    /// <summary>64 uniform bits.</summary>
    public ulong NextBits()
    {
        var result = BitOperations.RotateLeft(s1 * 5, 7) * 9;
        var shifted = s1 << 17;
        s2 ^= s0;
        s3 ^= s1;
        s1 ^= s2;
        s0 ^= s3;
        s2 ^= shifted;
        s3 = BitOperations.RotateLeft(s3, 45);
        return result;
    }

    /// <summary>A uniform integer in <c>0..exclusiveMaximum-1</c> (multiply-shift; the bias is below 2^-32).</summary>
    public int Next(int exclusiveMaximum) => (int)(((NextBits() >> 32) * (ulong)exclusiveMaximum) >> 32);

    /// <summary>A uniform number in [0, 1).</summary>
    public double NextDouble() => (NextBits() >> 11) * (1.0 / (1UL << 53));

    /// <summary>A standard normal number (Box-Muller, one of the pair).</summary>
    public double NextGaussian() => Math.Sqrt(-2 * Math.Log(1 - NextDouble())) * Math.Cos(2 * Math.PI * NextDouble());

    /// <summary>Puts the values into a uniformly random order (Fisher-Yates).</summary>
    public void Shuffle<T>(Span<T> values)
    {
        for (var last = values.Length - 1; last > 0; last--)
        {
            var other = Next(last + 1);
            (values[last], values[other]) = (values[other], values[last]);
        }
    }

    private static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}
