using System.IO.Hashing;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace Tastemaker.Data.Import.Reading;

/// <summary>
/// Gives identifiers dense indexes by first appearance, straight from their UTF-8 bytes: open addressing over one arena of bytes, no string
/// and no allocation a row. Identifiers stay text throughout, so "007" and "7" remain two.
/// </summary>
internal sealed class IdIndexer
{
    private readonly GrowingArena arena = new();
    private int[] slots = new int[1024]; // index + 1; 0 where free
    private ulong[] hashes = new ulong[512];
    private int last = -1;

    public int Count { get; private set; }

    /// <summary>The index of an identifier, given it now if it is new.</summary>
    public int IndexOf(ReadOnlySpan<byte> id)
    {
        // Files are often sorted by user.
        if (last >= 0 && arena[last].SequenceEqual(id))
        {
            return last;
        }

        var hash = Hash(id);
        var mask = slots.Length - 1;
        for (var slot = (int)hash & mask; ; slot = (slot + 1) & mask)
        {
            var index = slots[slot] - 1;
            if (index < 0)
            {
                return last = Insert(id, hash, slot);
            }

            if (hashes[index] == hash && arena[index].SequenceEqual(id))
            {
                return last = index;
            }
        }
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

    private int Insert(ReadOnlySpan<byte> id, ulong hash, int slot)
    {
        if (Count == hashes.Length)
        {
            Grow();
            slot = FreeSlot(hash);
        }

        arena.Add(id);
        hashes[Count] = hash;
        slots[slot] = ++Count;
        return Count - 1;
    }

    private void Grow()
    {
        Array.Resize(ref hashes, hashes.Length * 2);
        slots = new int[hashes.Length * 2];
        for (var index = 0; index < Count; index++)
        {
            slots[FreeSlot(hashes[index])] = index + 1;
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
