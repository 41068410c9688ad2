using System.Buffers.Binary;
using System.IO.Hashing;
using System.Runtime.InteropServices;
using System.Text;
using Tastemaker.Data;

namespace Tastemaker.Serving.Events;

/// <summary>
/// Which interactions of a data set a store holds already: those of the same user, item, value and time, each as often as it is there. Where the data has no times, the
/// time of storing says nothing, and those of the same user, item and value count.
/// </summary>
internal sealed class KnownInteractions
{
    private readonly Dataset data;

    // By hash of an interaction of the data: how many of the store are not taken yet.
    private readonly Dictionary<UInt128, int> counts = [];

    private KnownInteractions(Dataset data) => this.data = data;

    /// <summary>Number of the last interaction in the store; 0 where there is none.</summary>
    public long Last { get; private set; }

    /// <summary>Reads a whole store; only interactions that the data has too are kept in memory.</summary>
    public static async Task<KnownInteractions> OfAsync(Dataset data, IEventStore store, CancellationToken cancellation)
    {
        var known = new KnownInteractions(data);
        await foreach (var one in store.ReadAsync(0, cancellation).ConfigureAwait(false))
        {
            known.Add(one);
        }

        return known;
    }

    /// <summary>Whether the store holds an interaction of the data that stands for this row and for no other.</summary>
    public bool Take(int row)
    {
        if (counts.Count == 0)
        {
            return false;
        }

        ref var count = ref CollectionsMarshal.GetValueRefOrNullRef(counts, HashOf(row));
        return !System.Runtime.CompilerServices.Unsafe.IsNullRef(ref count) && count-- > 0;
    }

    private void Add(StoredInteraction one)
    {
        if (Last == 0)
        {
            // Only now: most imports go into an empty store.
            for (var row = 0; row < data.Interactions.Count; row++)
            {
                counts.TryAdd(HashOf(row), 0);
            }
        }

        Last = one.Number;
        var value = data.Interactions.HasValues ? one.Value : null;
        ref var count = ref CollectionsMarshal.GetValueRefOrNullRef(
            counts, Hash(one.User, one.Item, value, data.Interactions.HasTimes ? StoredTime.Of(one.Time) : 0));
        if (!System.Runtime.CompilerServices.Unsafe.IsNullRef(ref count))
        {
            count++;
        }
    }

    private UInt128 HashOf(int row)
    {
        var rows = data.Interactions;
        return Hash(
            data.Users[rows.Users[row]],
            data.Items[rows.Items[row]],
            rows.HasValues ? rows.Values[row] : null,
            rows.HasTimes ? StoredTime.Of(Timestamps.Moment(rows.Times[row])) : 0);
    }

    // The lengths stand before the texts, so that no two interactions have the same bytes.
    private static UInt128 Hash(string user, string item, float? value, long time)
    {
        var (userBytes, itemBytes) = (Encoding.UTF8.GetByteCount(user), Encoding.UTF8.GetByteCount(item));
        var length = 20 + userBytes + itemBytes;
        Span<byte> bytes = length <= 512 ? stackalloc byte[length] : new byte[length];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, time);
        BinaryPrimitives.WriteSingleLittleEndian(bytes[8..], value ?? float.NaN);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[12..], userBytes);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[16..], itemBytes);
        Encoding.UTF8.GetBytes(user, bytes[20..]);
        Encoding.UTF8.GetBytes(item, bytes[(20 + userBytes)..]);
        return XxHash128.HashToUInt128(bytes);
    }
}
