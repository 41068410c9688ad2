using System.IO.Hashing;
using System.Runtime.InteropServices;

namespace Tastemaker.Features;

/// <summary>
/// The combinations of categories of several fields (Cheng et al. 2016, eq. 1: 1 where all hold). Index 0 is every combination that training
/// did not hold often enough, or one of whose parts is unknown. Or hashed.
/// </summary>
internal sealed class CrossVocabulary
{
    private readonly Dictionary<ulong, int> indexes = [];
    private readonly int[] sizes;

    /// <summary>A list of known combinations, or buckets.</summary>
    /// <param name="fields">Places of the crossed fields in the schema.</param>
    /// <param name="sizes">Number of indexes of each.</param>
    /// <param name="known">Keys of the known combinations in index order from 1; empty where hashed.</param>
    /// <param name="buckets">Number of buckets; 0 where there is a list.</param>
    public CrossVocabulary(IReadOnlyList<int> fields, int[] sizes, ulong[] known, int buckets)
    {
        Fields = fields;
        this.sizes = sizes;
        Known = known;
        Buckets = buckets;
        for (var index = 0; index < known.Length; index++)
        {
            indexes[known[index]] = index + 1;
        }
    }

    /// <summary>Places of the crossed fields in the schema.</summary>
    public IReadOnlyList<int> Fields { get; }

    /// <summary>Number of indexes of each crossed field.</summary>
    public ReadOnlySpan<int> Sizes => sizes;

    /// <summary>Keys of the known combinations in index order from 1.</summary>
    public ulong[] Known { get; }

    /// <summary>Number of buckets; 0 where there is a list.</summary>
    public int Buckets { get; }

    /// <summary>Number of indexes, the unknown's included.</summary>
    public int Size => 1 + (Buckets > 0 ? Buckets : Known.Length);

    /// <summary>A number for a combination: distinct where the product of the sizes fits 64 bits, and then the same as a position in a table of all.</summary>
    public ulong Key(ReadOnlySpan<int> parts)
    {
        var key = 0UL;
        for (var part = 0; part < parts.Length; part++)
        {
            key = unchecked((key * (ulong)sizes[part]) + (ulong)parts[part]);
        }

        return key;
    }

    /// <summary>The index of a combination; 0 where it or a part of it is unknown.</summary>
    public int IndexOf(ReadOnlySpan<int> parts)
    {
        if (parts.Contains(0))
        {
            return 0;
        }

        var key = Key(parts);
        return Buckets > 0
            ? 1 + (int)(XxHash3.HashToUInt64(MemoryMarshal.AsBytes(new ReadOnlySpan<ulong>(in key))) % (ulong)Buckets)
            : indexes.GetValueOrDefault(key);
    }
}
