using System.IO.Hashing;
using System.Runtime.InteropServices;
using System.Text;

namespace Tastemaker.Data;

/// <summary>A short name for a content: 16 hexadecimal digits (XxHash3, little-endian), equal on every machine for equal content.</summary>
public sealed class Fingerprint
{
    private readonly XxHash3 hash = new();

    /// <summary>Adds a text.</summary>
    public Fingerprint Add(string? text)
    {
        hash.Append(Encoding.UTF8.GetBytes(text ?? "\0"));
        hash.Append([0]);
        return this;
    }

    /// <summary>Adds numbers, with their count.</summary>
    public Fingerprint Add<T>(ReadOnlySpan<T> numbers)
        where T : unmanaged
    {
        hash.Append(BitConverter.GetBytes(numbers.Length));
        hash.Append(MemoryMarshal.AsBytes(numbers));
        return this;
    }

    /// <summary>Adds interactions: all columns.</summary>
    public Fingerprint Add(Interactions interactions) =>
        Add(interactions.Users).Add(interactions.Items).Add(interactions.Values).Add<long>(Times(interactions.Times));

    // Whole seconds count as seconds, which is what all times were when the first fingerprints were stored.
    private static ReadOnlySpan<long> Times(ReadOnlySpan<long> times)
    {
        if (!Timestamps.AreWholeSeconds(times))
        {
            return times;
        }

        var seconds = new long[times.Length];
        for (var row = 0; row < seconds.Length; row++)
        {
            seconds[row] = times[row] / Timestamps.PerSecond;
        }

        return seconds;
    }

    /// <summary>The digits for all that was added.</summary>
    public override string ToString() => Convert.ToHexStringLower(hash.GetCurrentHash());
}
