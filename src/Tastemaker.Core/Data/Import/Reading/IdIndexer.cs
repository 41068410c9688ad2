using System.IO.Hashing;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace Tastemaker.Data.Import.Reading;

/// <summary>
/// Gives identifiers dense indexes by first appearance, straight from their UTF-8 bytes: no string and no allocation a row. Small whole
/// numbers, which most public data has, index a table; everything else is hashed, with open addressing over one arena of bytes. Identifiers
/// stay text throughout, so "007" and "7" remain two.
/// </summary>
internal sealed class IdIndexer
{
    private const int TableDigits = 7;

    private readonly GrowingArena arena = new();
    private int[] table = new int[1024]; // index + 1 by number; 0 where unknown
    private ulong[] slots = new ulong[1024]; // upper half of the hash, then index + 1; 0 where free
    private ulong[] hashes = new ulong[512]; // of hashed identifiers only
    private int last = -1;

    public int Count { get; private set; }

    /// <summary>The index of an identifier, given it now if it is new.</summary>
    public int IndexOf(ReadOnlySpan<byte> id)
    {
        var number = SmallNumber(id);
        if (number >= 0)
        {
            return number < table.Length && table[number] != 0 ? table[number] - 1 : Insert(id, number);
        }

        // Files are often sorted by user.
        return last >= 0 && arena[last].SequenceEqual(id) ? last : last = Find(id);
    }

    public int IndexOf(string id) => IndexOf(Encoding.UTF8.GetBytes(id));

    /// <summary>All identifiers by index.</summary>
    public string[] ToArray()
    {
        var ids = new string[Count];
        for (var index = 0; index < ids.Length; index++)
        {
            ids[index] = Encoding.UTF8.GetString(arena[index]);
        }

        return ids;
    }

    private int Find(ReadOnlySpan<byte> id)
    {
        var hash = Hash(id);
        var mask = slots.Length - 1;
        for (var slot = (int)hash & mask; ; slot = (slot + 1) & mask)
        {
            var entry = slots[slot];
            if (entry == 0)
            {
                return Insert(id, hash, slot);
            }

            if (((entry ^ hash) >> 32) == 0 && arena[(int)(uint)entry - 1].SequenceEqual(id))
            {
                return (int)(uint)entry - 1;
            }
        }
    }

    private int Insert(ReadOnlySpan<byte> id, int number)
    {
        if (number >= table.Length)
        {
            Array.Resize(ref table, (int)BitOperations.RoundUpToPowerOf2((uint)number + 1));
        }

        arena.Add(id);
        table[number] = ++Count;
        return Count - 1;
    }

    private int Insert(ReadOnlySpan<byte> id, ulong hash, int slot)
    {
        if (Count >= hashes.Length)
        {
            Grow();
            slot = FreeSlot(hash);
        }

        arena.Add(id);
        hashes[Count] = hash;
        slots[slot] = Entry(hash, Count++);
        return Count - 1;
    }

    private void Grow()
    {
        var old = slots;
        Array.Resize(ref hashes, (int)BitOperations.RoundUpToPowerOf2((uint)Count + 1));
        slots = new ulong[hashes.Length * 2];
        foreach (var entry in old)
        {
            if (entry != 0)
            {
                var index = (int)(uint)entry - 1;
                slots[FreeSlot(hashes[index])] = Entry(hashes[index], index);
            }
        }
    }

    private int FreeSlot(ulong hash)
    {
        var mask = slots.Length - 1;
        var slot = (int)hash & mask;
        while (slots[slot] != 0)
        {
            slot = (slot + 1) & mask;
        }

        return slot;
    }

    private static ulong Entry(ulong hash, int index) => (hash & 0xFFFFFFFF00000000) | (uint)(index + 1);

    /// <summary>The number, where the text is the only spelling of one with up to 7 digits; else -1.</summary>
    private static int SmallNumber(ReadOnlySpan<byte> id)
    {
        if (id.Length is 0 or > TableDigits || (id[0] == '0' && id.Length > 1))
        {
            return -1;
        }

        var number = 0;
        foreach (var letter in id)
        {
            var digit = (uint)(letter - '0');
            if (digit > 9)
            {
                return -1;
            }

            number = (number * 10) + (int)digit;
        }

        return number;
    }

    /// <summary>One multiplication for the up to 8 bytes that most identifiers have; XxHash3 beyond.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Hash(ReadOnlySpan<byte> id)
    {
        if (id.Length > 8)
        {
            return XxHash3.HashToUInt64(id);
        }

        ulong word = 0;
        for (var position = 0; position < id.Length; position++)
        {
            word = (word << 8) | Unsafe.Add(ref MemoryMarshal.GetReference(id), position);
        }

        word = (word ^ ((ulong)id.Length << 59)) * 0x9E3779B97F4A7C15;
        return word ^ (word >> 32);
    }
}
