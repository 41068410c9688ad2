using System.Buffers.Binary;
using System.Numerics;

namespace Tastemaker.Training.Observers;

/// <summary>
/// The framing of TensorFlow's record files: length (uint64), its masked CRC-32C, the bytes, their masked CRC-32C; little-endian.
/// </summary>
internal static class TensorFlowRecord
{
    /// <summary>Appends a record.</summary>
    public static void Write(Stream stream, ReadOnlySpan<byte> data)
    {
        Span<byte> header = stackalloc byte[12];
        BinaryPrimitives.WriteUInt64LittleEndian(header, (ulong)data.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(header[8..], MaskedChecksum(header[..8]));
        stream.Write(header);
        stream.Write(data);
        BinaryPrimitives.WriteUInt32LittleEndian(header, MaskedChecksum(data));
        stream.Write(header[..4]);
    }

    /// <summary>CRC-32C, rotated and shifted so that a record which itself holds checksums stays well checked.</summary>
    public static uint MaskedChecksum(ReadOnlySpan<byte> data)
    {
        var checksum = uint.MaxValue;
        foreach (var value in data)
        {
            checksum = BitOperations.Crc32C(checksum, value);
        }

        return BitOperations.RotateRight(~checksum, 15) + 0xa282ead8u;
    }
}
