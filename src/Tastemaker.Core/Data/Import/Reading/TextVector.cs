using System.Text;
using DuckDB.NET.Native;

namespace Tastemaker.Data.Import.Reading;

/// <summary>
/// A VARCHAR column vector: 16 bytes a row, the length and then up to 12 bytes in place or a 4-byte prefix and a pointer.
/// </summary>
internal readonly unsafe ref struct TextVector(IntPtr vector)
{
    private readonly byte* data = (byte*)NativeMethods.Vectors.DuckDBVectorGetData(vector);

    private readonly ulong* validity = NativeMethods.Vectors.DuckDBVectorGetValidity(vector);

    public bool IsNull(int row) => validity is not null && (validity[row >> 6] & (1UL << (row & 63))) == 0;

    /// <summary>The UTF-8 bytes of a row that is not null.</summary>
    public ReadOnlySpan<byte> Utf8(int row)
    {
        var entry = data + (16L * row);
        var length = *(int*)entry;
        return length <= 12 ? new(entry + 4, length) : new(*(byte**)(entry + 8), length);
    }

    public string? String(int row) => IsNull(row) ? null : Encoding.UTF8.GetString(Utf8(row));
}
